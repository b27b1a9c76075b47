import { Transform } from 'class-transformer';
import {
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** `a, b` → `['a', 'b']`. */
export const ToList = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

/** `true`, `1`, `false`, `0` → boolean; anything else stays as it is, for `@IsBoolean` to refuse. */
export const ToBoolean = () =>
  Transform(({ value }) => {
    if (value === 'true' || value === '1') return true;
    return value === 'false' || value === '0' ? false : value;
  });

/** A list without repetitions, every item one of the constraints. */
@ValidatorConstraint()
export class UniqueSubsetOf implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return (
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((item) => constraints.includes(item))
    );
  }

  defaultMessage({ property, constraints }: ValidationArguments): string {
    return `${property} must be a comma-separated list out of ${constraints.join(',')}`;
  }
}
