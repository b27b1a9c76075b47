import { createPublicKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import type { Environment } from '#config';

/** A verification key and its only algorithm. */
export interface TokenKey {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256';
  readonly key: KeyObject | Uint8Array | JWTVerifyGetKey;
}

/** Clients get an answer within a second. */
const JWKS_TIMEOUT_MS = 700;
/** An unknown key id triggers a refetch, at most this often: anyone can invent key ids. */
const JWKS_COOLDOWN_MS = 5_000;
const JWKS_MAX_AGE_MS = 600_000;

/**
 * The configured keys. Each verifies with its own algorithm only, whatever the token's header says, so a public key
 * is never used as an HMAC secret.
 */
export function tokenKeys(environment: Environment): readonly TokenKey[] {
  const { JWT_SECRET, JWT_PUBLIC_KEY, JWKS_URL, JWT_ALGORITHM } = environment;
  const keys: TokenKey[] = [];
  if (JWT_SECRET) keys.push({ algorithm: 'HS256', key: secretKey(JWT_SECRET) });
  if (JWT_PUBLIC_KEY) {
    const key = createPublicKey(JWT_PUBLIC_KEY);
    keys.push({ algorithm: key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256', key });
  }
  if (JWKS_URL) {
    const key = createRemoteJWKSet(new URL(JWKS_URL), {
      timeoutDuration: JWKS_TIMEOUT_MS,
      cooldownDuration: JWKS_COOLDOWN_MS,
      cacheMaxAge: JWKS_MAX_AGE_MS,
    });
    keys.push({ algorithm: JWT_ALGORITHM, key });
  }
  return keys;
}

export const secretKey = (secret: string) => new TextEncoder().encode(secret);
