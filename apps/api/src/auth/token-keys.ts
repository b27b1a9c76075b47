import { createPublicKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import type { Environment } from '#config';

/** A key that tokens may be signed with, and the one algorithm that goes with it. */
export interface TokenKey {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256';
  readonly key: KeyObject | Uint8Array | JWTVerifyGetKey;
}

/** Less than the second within which a client is answered. */
const JWKS_TIMEOUT_MS = 700;
/** An unknown key id asks the issuer again, but not more often than this: anyone can make one up. */
const JWKS_COOLDOWN_MS = 5_000;
const JWKS_MAX_AGE_MS = 600_000;

/**
 * The keys of the settings. Each is tried with its own algorithm only, whatever the token's header says: a
 * public key is never the secret of an HMAC.
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
