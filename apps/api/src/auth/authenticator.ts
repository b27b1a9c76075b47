import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '#identity';
import { withTimeout } from '../http/with-timeout.js';
import { AuthenticationUnavailable } from './authentication-unavailable.js';
import { Credentials, type Identified } from './credentials.js';

/** How long a lookup's result is cached, valid or not: a revocation takes effect within this time. */
const CACHE_MS = 4500;
/** How long a cached credential stays valid while the database is down; nobody can revoke one meanwhile. */
const OUTAGE_CACHE_MS = 600_000;
/** Timeout of a lookup: clients get an answer within a second, whatever the database does. */
const LOOKUP_TIMEOUT_MS = 800;
/** Timeout of a refresh: the cached caller is used instead, and a late result still updates the cache. */
const REFRESH_TIMEOUT_MS = 100;
/** How soon a failed refresh is tried again. */
const REFRESH_RETRY_MS = 500;
const MAX_CACHED = 10_000;
/** Longer credentials are cached under their digest: 10,000 tokens of 8 kB would take 80 MB. */
const MAX_KEY_LENGTH = 100;

interface CachedCaller extends Identified {
  /** When the database last confirmed the credential; milliseconds since the epoch, like `refreshAt`. */
  readonly confirmedAt: number;
  refreshAt: number;
}

/** Authenticates callers, with one database lookup per credential every few seconds. */
@Injectable()
export class Authenticator {
  private readonly callers = new LRUCache<string, CachedCaller>({ max: MAX_CACHED });
  /** In a separate cache, so that guessed credentials do not evict valid ones. */
  private readonly refused = new LRUCache<string, true>({ max: MAX_CACHED, ttl: CACHE_MS });
  private readonly pending = new Map<string, Promise<Principal | null>>();

  constructor(private readonly credentials: Credentials) {}

  /**
   * @returns the caller, without a promise when cached; null when the credential is refused
   * @throws AuthenticationUnavailable when the lookup fails or times out
   */
  authenticate(presented: string): Principal | null | Promise<Principal | null> {
    const key = presented.length <= MAX_KEY_LENGTH ? presented : digestOf(presented);
    const cached = this.callers.get(key);
    if (cached && cached.refreshAt > Date.now()) return cached.principal;
    if (this.refused.has(key) || !this.credentials.isPlausible(presented)) return null;
    return this.pending.get(key) ?? this.lookUpOnce(key, presented, cached);
  }

  /** Drops the callers of an organization from the cache, so that its changes apply here immediately. */
  forget(organizationId: string): void {
    for (const [key, { principal }] of [...this.callers]) {
      if (principal.organizationId === organizationId) this.callers.delete(key);
    }
  }

  /** Concurrent requests with the same credential share one lookup. */
  private lookUpOnce(
    key: string,
    presented: string,
    cached: CachedCaller | undefined,
  ): Promise<Principal | null> {
    const lookup = this.lookUp(key, presented, cached).finally(() => this.pending.delete(key));
    this.pending.set(key, lookup);
    return lookup;
  }

  private async lookUp(
    key: string,
    presented: string,
    cached: CachedCaller | undefined,
  ): Promise<Principal | null> {
    const result = this.credentials.identify(presented).then((identified) => this.store(key, identified));
    try {
      return await withTimeout(result, cached ? REFRESH_TIMEOUT_MS : LOOKUP_TIMEOUT_MS);
    } catch (error) {
      const now = Date.now();
      if (!cached || cached.confirmedAt + OUTAGE_CACHE_MS < now || cached.expires <= now) {
        throw new AuthenticationUnavailable((error as Error).message, { cause: error });
      }
      cached.refreshAt = Math.min(now + REFRESH_RETRY_MS, cached.expires);
      return cached.principal;
    }
  }

  private store(key: string, identified: Identified | null): Principal | null {
    if (!identified) {
      this.callers.delete(key);
      this.refused.set(key, true);
      return null;
    }
    const now = Date.now();
    const { principal, expires } = identified;
    this.callers.set(key, {
      principal,
      expires,
      confirmedAt: now,
      refreshAt: Math.min(now + CACHE_MS, expires),
    });
    return principal;
  }
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64');
