import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { Environment } from '#config';
import { leastRole, type Principal, permissionsOfScopes, SCOPES, type Scope } from '#identity';
import { secretKey } from './token-keys.js';

/** Signs short-lived tokens with `JWT_SECRET`. */
@Injectable()
export class TokenIssuer {
  constructor(private readonly environment: Environment) {}

  /** Whether `JWT_SECRET` is set. */
  get isAvailable(): boolean {
    return this.environment.JWT_SECRET !== undefined;
  }

  /**
   * @param publicId of the API key; revoking it revokes the token
   * @param now milliseconds since the epoch
   */
  issue(
    { organizationId }: Principal,
    publicId: string,
    scopes: readonly Scope[],
    lifetimeSeconds: number,
    now: number,
  ): Promise<string> {
    const { JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE } = this.environment;
    const issuedAt = Math.floor(now / 1000);
    const token = new SignJWT({
      organization_id: organizationId,
      role: leastRole(scopes),
      scope: scopes.join(' '),
      key_id: publicId,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(publicId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds);
    if (JWT_ISSUER) token.setIssuer(JWT_ISSUER);
    if (JWT_AUDIENCE) token.setAudience(JWT_AUDIENCE);
    return token.sign(secretKey(JWT_SECRET!));
  }
}

/** The scopes that a caller's permissions cover. */
export const scopesWithin = ({ permissions }: Principal): Scope[] =>
  SCOPES.filter((scope) =>
    [...permissionsOfScopes([scope])].every((permission) => permissions.has(permission)),
  );
