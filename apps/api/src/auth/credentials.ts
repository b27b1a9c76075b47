import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import {
  IdentityStore,
  MONITOR_PERMISSIONS,
  NO_ORGANIZATION,
  OPERATOR_PERMISSIONS,
  type OrganizationProfile,
  type Principal,
  parseApiKey,
} from '#identity';
import { TokenVerifier } from './token-verifier.js';

const OPERATOR: Principal = {
  organizationId: NO_ORGANIZATION,
  subject: 'operator',
  permissions: OPERATOR_PERMISSIONS,
  settings: {},
  eventTypesRevision: 0,
};
/** Prometheus. Its requests are not rate limited: the counter's store may be the very thing that failed. */
const MONITOR: Principal = {
  organizationId: NO_ORGANIZATION,
  subject: 'monitor',
  permissions: MONITOR_PERMISSIONS,
  settings: { rate_limits: { single: 0, batch: 0, read: 0 } },
  eventTypesRevision: 0,
};
/** Header, claims and an RSA signature together stay below 2 kB. */
const MAX_TOKEN_LENGTH = 8192;
const TOKEN_FORM = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export interface Identified {
  readonly principal: Principal;
  /** When the credential expires, in milliseconds since the epoch; Infinity when it does not. */
  readonly expires: number;
}

/** Checks credentials: tokens from the settings, API keys and JSON Web Tokens. */
@Injectable()
export class Credentials {
  /** Callers whose tokens are in the settings, with the tokens' digests. */
  private readonly configured: readonly { readonly digest: Buffer; readonly principal: Principal }[];

  constructor(
    private readonly environment: Environment,
    private readonly identities: IdentityStore,
    private readonly tokens: TokenVerifier,
  ) {
    const { ADMIN_TOKEN, METRICS_TOKEN } = environment;
    this.configured = [
      ...(ADMIN_TOKEN ? [{ digest: digestOf(ADMIN_TOKEN), principal: OPERATOR }] : []),
      ...(METRICS_TOKEN ? [{ digest: digestOf(METRICS_TOKEN), principal: MONITOR }] : []),
    ];
  }

  /** Whether a text has the form of a credential; makes no database query. */
  isPlausible(presented: string): boolean {
    return (
      parseApiKey(presented) !== null ||
      (presented.length <= MAX_TOKEN_LENGTH && TOKEN_FORM.test(presented)) ||
      this.configuredCaller(presented) !== undefined
    );
  }

  /**
   * @returns the caller, or null when the credential is refused
   * @throws AuthenticationUnavailable when the token keys cannot be fetched; any database error
   */
  async identify(presented: string): Promise<Identified | null> {
    const principal = this.configuredCaller(presented);
    if (principal) return { principal, expires: Number.POSITIVE_INFINITY };
    const key = parseApiKey(presented);
    if (!key) return this.bearerOf(presented);
    const holder = await this.identities.authenticate(key);
    if (!holder) return null;
    const { profile, ...caller } = holder;
    return { principal: this.inOrganization(caller, profile), expires: Number.POSITIVE_INFINITY };
  }

  private async bearerOf(token: string): Promise<Identified | null> {
    const claims = await this.tokens.verify(token);
    if (!claims) return null;
    const { organizationId, subject, permissions, expires, publicId } = claims;
    const profile = await this.identities.profileOf(organizationId, publicId);
    if (!profile) return null;
    const principal = this.inOrganization({ organizationId, subject, permissions }, profile);
    return { principal, expires };
  }

  private inOrganization(
    caller: Omit<Principal, keyof OrganizationProfile>,
    { pseudonymKey, ...profile }: OrganizationProfile,
  ): Principal {
    const anonymizes = profile.settings.anonymize_user_ids ?? this.environment.ANONYMIZE_USER_IDS;
    return { ...caller, ...profile, ...(anonymizes ? { pseudonymKey } : {}) };
  }

  /** Compares digests in constant time, so that timing reveals neither length nor beginning of a token. */
  private configuredCaller(presented: string): Principal | undefined {
    const given = digestOf(presented);
    return this.configured.find(({ digest }) => timingSafeEqual(given, digest))?.principal;
  }
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest();
