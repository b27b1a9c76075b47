import { createHmac, timingSafeEqual } from 'node:crypto';

const UUID_BYTES = 16;
const SECRET_BYTES = 32;
const UUID_PARTS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** What a token says: whose list it is about, and a secret that only a mail to the address has. */
export interface UnsubscribeToken {
  readonly organizationId: string;
  readonly secret: Buffer;
}

/**
 * The text in a link that takes an address off an organization's list. It is the same in all mails, also after the address
 * was removed and added again, and good for nothing else. Pure.
 * @param key of the organization
 */
export const unsubscribeToken = (organizationId: string, key: Buffer, email: string): string =>
  Buffer.concat([Buffer.from(organizationId.replaceAll('-', ''), 'hex'), secretOf(key, email)]).toString(
    'base64url',
  );

/** Reads what `unsubscribeToken` made; null for all other texts. Pure. */
export function readUnsubscribeToken(token: string): UnsubscribeToken | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== UUID_BYTES + SECRET_BYTES || bytes.toString('base64url') !== token) return null;
  const organizationId = bytes.toString('hex', 0, UUID_BYTES).replace(UUID_PARTS, '$1-$2-$3-$4-$5');
  return { organizationId, secret: bytes.subarray(UUID_BYTES) };
}

/** Whether the token is that of an address. Pure. */
export const isTokenOf = ({ secret }: UnsubscribeToken, key: Buffer, email: string): boolean =>
  timingSafeEqual(secret, secretOf(key, email));

/** No user id contains NUL, so the secret is no pseudonym that the same key makes. */
const secretOf = (key: Buffer, email: string): Buffer =>
  createHmac('sha256', key).update(`\0unsubscribe\0${email.toLowerCase()}`).digest();
