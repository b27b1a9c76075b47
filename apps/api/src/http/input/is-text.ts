import { registerDecorator, type ValidationOptions } from 'class-validator';

/** Validates text of 1 to `maxLength` characters without NUL and lone surrogates, which PostgreSQL cannot store. */
export function IsText(maxLength: number, options: ValidationOptions = {}): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isText',
      target: target.constructor,
      propertyName: propertyName as string,
      options,
      validator: {
        validate: (value) => isText(value, maxLength),
        defaultMessage: ({ property } = {} as never) =>
          `${options.each ? 'each value in ' : ''}${property} must be text of 1 to ${maxLength} characters`,
      },
    });
}

export const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= maxLength &&
  !value.includes('\0') &&
  value.isWellFormed();
