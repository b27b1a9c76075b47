import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const KEY_TEXT = /^mr_([0-9a-z]{16})_([0-9A-Za-z_-]{43})$/;

const PUBLIC_ID = /^[0-9a-z]{16}$/;

/** The parts of a key's text `mr_<public id>_<secret>`. */
export interface ApiKey {
  readonly publicId: string;
  readonly secret: string;
}

/** Creates a random key: 64 bits of public id, 256 bits of secret. */
export function generateApiKey(): ApiKey {
  return { publicId: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('base64url') };
}

export const formatApiKey = ({ publicId, secret }: ApiKey) => `mr_${publicId}_${secret}`;

/** @returns null when the text does not have the form of a key */
export function parseApiKey(text: string): ApiKey | null {
  const match = KEY_TEXT.exec(text);
  return match ? { publicId: match[1]!, secret: match[2]! } : null;
}

/** Whether the value has the form of a public id. */
export const isPublicId = (value: unknown): value is string =>
  typeof value === 'string' && PUBLIC_ID.test(value);

/** SHA-256 is enough: the secret has 256 random bits, so guessing is hopeless and a slow hash adds nothing. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest();

/** Compares in constant time. */
export function secretMatches(secret: string, hash: Buffer): boolean {
  const presented = hashSecret(secret);
  return presented.length === hash.length && timingSafeEqual(presented, hash);
}
