import { domainToASCII } from 'node:url';
import { isEmail, registerDecorator } from 'class-validator';

/**
 * Quoted names may have line ends, which are new headers in a mail; nobody has such an address. Names in other scripts need
 * servers that know SMTPUTF8.
 */
const RULES = { allow_utf8_local_part: false, blacklisted_chars: '"' };

/**
 * An address as it is stored and sent to: equal ones differ at most in the case of the name. Pure.
 * @returns null when no mail can be sent to it
 */
export function mailAddress(text: string): string | null {
  if (!isEmail(text, RULES)) return null;
  const at = text.lastIndexOf('@');
  const address = `${text.slice(0, at)}@${domainToASCII(text.slice(at + 1))}`;
  return isEmail(address, RULES) ? address : null;
}

/** Validates an address that mail can be sent to. */
export function IsMailAddress(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isMailAddress',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value) => typeof value === 'string' && mailAddress(value) !== null,
        defaultMessage: ({ property } = {} as never) =>
          `${property} must be one address such as ada@example.com, without a name and without quotes`,
      },
    });
}
