import { registerDecorator } from 'class-validator';
import { isTimeZone } from '#rollups';

/** Validates the IANA name of a time zone. */
export function IsTimeZone(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isTimeZone',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && isTimeZone(value),
        defaultMessage: ({ property } = {} as never) =>
          `${property} must be an IANA time zone such as Europe/Berlin`,
      },
    });
}
