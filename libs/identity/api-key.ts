import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const FORM = /^mr_([0-9a-z]{16})_([0-9A-Za-z_-]{43})$/;

const PUBLIC_ID = /^[0-9a-z]{16}$/;

/** A key as its holder has it: `mr_<public id>_<secret>`. */
export interface ApiKey {
  readonly publicId: string;
  readonly secret: string;
}

/** A new key: 64 bits of public id, 256 bits of secret. */
export function generateApiKey(): ApiKey {
  return { publicId: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('base64url') };
}

export const formatApiKey = ({ publicId, secret }: ApiKey) => `mr_${publicId}_${secret}`;

/** @returns null when the text is not of the form of a key */
export function parseApiKey(text: string): ApiKey | null {
  const match = FORM.exec(text);
  return match ? { publicId: match[1]!, secret: match[2]! } : null;
}

/** Whether it could be the public id of a key, from its form alone. */
export const isPublicId = (value: unknown): value is string =>
  typeof value === 'string' && PUBLIC_ID.test(value);

/** A fast hash is right here: the secret is 256 random bits, there is nothing to guess. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest();

/** Compares in constant time. */
export function secretMatches(secret: string, hash: Buffer): boolean {
  const presented = hashSecret(secret);
  return presented.length === hash.length && timingSafeEqual(presented, hash);
}
