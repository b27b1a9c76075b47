import { Injectable } from '@nestjs/common';
import { errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import { Environment } from '#config';
import { AuthenticationUnavailable } from './authentication-unavailable.js';
import { readClaims, type TokenClaims } from './token-claims.js';
import { type TokenKey, tokenKeys } from './token-keys.js';

/** Tolerated clock difference in seconds. */
const LEEWAY_SECONDS = 30;

/** Verifies JSON Web Tokens: signature, times, issuer, audience and claims. */
@Injectable()
export class TokenVerifier {
  private readonly keys: readonly TokenKey[];
  private readonly expected: JWTVerifyOptions;

  constructor(environment: Environment) {
    const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = environment;
    this.keys = tokenKeys(environment);
    this.expected = {
      requiredClaims: ['sub', 'exp'],
      clockTolerance: LEEWAY_SECONDS,
      ...(issuer ? { issuer } : {}),
      ...(audience ? { audience } : {}),
    };
  }

  /**
   * @returns null when the token is invalid
   * @throws AuthenticationUnavailable when the issuer's keys cannot be fetched
   */
  async verify(token: string): Promise<TokenClaims | null> {
    let unavailable: AuthenticationUnavailable | undefined;
    for (const key of this.keys) {
      try {
        return await this.verifyWith(key, token);
      } catch (error) {
        if (!isRefusal(error)) unavailable = new AuthenticationUnavailable(String(error), { cause: error });
      }
    }
    if (unavailable) throw unavailable;
    return null;
  }

  private async verifyWith({ algorithm, key }: TokenKey, token: string): Promise<TokenClaims | null> {
    const options = { ...this.expected, algorithms: [algorithm] };
    const { payload } =
      typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
    return readClaims(payload);
  }
}

/** Errors that mean the token is invalid. No other error does. */
const isRefusal = (error: unknown) =>
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWTExpired ||
  error instanceof errors.JWTInvalid ||
  error instanceof errors.JWSInvalid ||
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JOSENotSupported ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys;
