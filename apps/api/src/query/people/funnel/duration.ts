import { registerDecorator } from 'class-validator';

const DURATION = /^([1-9]\d{0,6})([smhd])$/;
const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST_MS = 31 * MS.d;

/** Milliseconds of `90s`, `30m`, `12h` or `7d`; null when it is something else, or longer than 31 days. */
export function parseDuration(text: string): number | null {
  const [, number, unit] = DURATION.exec(text) ?? [];
  if (number === undefined) return null;
  const ms = Number(number) * MS[unit as keyof typeof MS];
  return ms <= LONGEST_MS ? ms : null;
}

/** Validates a duration. */
export function IsDuration(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isDuration',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && parseDuration(value) !== null,
        defaultMessage: ({ property } = {} as never) =>
          `${property} must be a duration such as 90s, 30m, 12h or 7d, at most 31d`,
      },
    });
}
