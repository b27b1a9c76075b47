import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { ProblemError } from '../problem/problem.js';

/** What a caller gave, as an object of the wanted shape, or all that is wrong with it. */
export type Validated<T> = { readonly value: T } | { readonly errors: readonly ProblemError[] };

/** Validates against the class-validator rules of `shape`; a name it does not know is a fault, too. */
export function validated<T extends object>(
  shape: new () => T,
  given: Readonly<Record<string, unknown>>,
): Validated<T> {
  const value = plainToInstance(shape, given, { exposeDefaultValues: true });
  const errors = problemErrors(validateSync(value, { whitelist: true, forbidNonWhitelisted: true }), '');
  return errors.length > 0 ? { errors } : { value };
}

/** @param within path of the object that they are about, with a dot behind it */
function problemErrors(faults: readonly ValidationError[], within: string): ProblemError[] {
  return faults.flatMap(({ property, constraints, children }) => [
    ...Object.entries(constraints ?? {}).map(([rule, message]) => ({
      path: within + property,
      message: rule === 'whitelistValidation' ? 'there is no such name' : message,
    })),
    ...problemErrors(children ?? [], `${within}${property}.`),
  ]);
}
