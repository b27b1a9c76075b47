import { createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import { Transform } from 'class-transformer';
import {
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** `a, b` → `['a', 'b']`. */
export const ToList = () =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value));

/** `true`, `1`, `false`, `0` → boolean. Anything else stays text, and `@IsBoolean` refuses it. */
export const ToBoolean = () =>
  Transform(({ value }) => {
    if (value === 'true' || value === '1') return true;
    return value === 'false' || value === '0' ? false : value;
  });

/** A non-empty list of distinct items, each one of the constraints. */
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
    return `${property} must be a comma-separated list of ${constraints.join(',')}`;
  }
}

/** Web origins as browsers send them: scheme, host and optional port. */
@ValidatorConstraint()
export class WebOrigins implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Array.isArray(value) && value.every((item) => URL.canParse(item) && new URL(item).origin === item);
  }

  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must be a comma-separated list of origins such as https://app.example.com`;
  }
}

/** What a server can listen on: an address, or a name of this machine. */
@ValidatorConstraint()
export class ListenHost implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    const host = String(value);
    return isIP(host) !== 0 || /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host);
  }

  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must be an IP address such as 127.0.0.1 or ::1, or a host name`;
  }
}

const SUBNETS_BY_NAME = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * IP addresses, subnets, or the names of reserved subnets. A subnet of all addresses and a number of hops are refused:
 * both would trust any client that connects directly.
 */
@ValidatorConstraint()
export class ProxyAddresses implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return (
      Array.isArray(value) && value.every((item) => SUBNETS_BY_NAME.includes(item) || isAddressOrSubnet(item))
    );
  }

  defaultMessage({ property }: ValidationArguments): string {
    return (
      `${property} must be a comma-separated list of addresses, subnets such as 10.0.0.0/8, ` +
      `or ${SUBNETS_BY_NAME.join(', ')}`
    );
  }
}

/** IP addresses or subnets. */
@ValidatorConstraint()
export class Subnets implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Array.isArray(value) && value.every(isAddressOrSubnet);
  }

  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must be a comma-separated list of addresses or subnets such as 10.0.0.0/8`;
  }
}

function isAddressOrSubnet(text: string): boolean {
  const [address, prefix, ...more] = text.split('/');
  const version = isIP(address!);
  if (version === 0 || more.length > 0) return false;
  const bits = Number(prefix ?? 1);
  return /^\d{1,3}$/.test(prefix ?? '1') && bits >= 1 && bits <= (version === 4 ? 32 : 128);
}

/** PEM of a public key for RS256 (RSA, at least 2048 bits) or ES256 (P-256). */
@ValidatorConstraint()
export class TokenPublicKey implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    try {
      const { asymmetricKeyType, asymmetricKeyDetails, type } = createPublicKey(String(value));
      if (type !== 'public' || String(value).includes('PRIVATE KEY')) return false;
      return asymmetricKeyType === 'rsa'
        ? asymmetricKeyDetails!.modulusLength! >= 2048
        : asymmetricKeyDetails?.namedCurve === 'prime256v1';
    } catch {
      return false;
    }
  }

  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must be the PEM of a public key, RSA of at least 2048 bits or P-256`;
  }
}
