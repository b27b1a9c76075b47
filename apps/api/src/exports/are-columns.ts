import { registerDecorator } from 'class-validator';
import { parseColumns } from '#exports';

/** The names in a list, or in text with commas; empty for anything else, which other rules refuse. */
const namesIn = (value: unknown): readonly string[] => {
  const names = typeof value === 'string' ? value.split(',') : value;
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : [];
};

/** Validates names of columns. */
export function AreColumns(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'areColumns',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof parseColumns(namesIn(value)) !== 'string',
        defaultMessage: ({ value } = {} as never) => String(parseColumns(namesIn(value))),
      },
    });
}
