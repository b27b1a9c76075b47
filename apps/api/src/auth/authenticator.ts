import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '#identity';
import { withTimeout } from '../http/with-timeout.js';
import { AuthenticationUnavailable } from './authentication-unavailable.js';
import { Credentials, type Identified } from './credentials.js';

/** How long a credential that was found good, or bad, is taken at its word: a revocation takes effect in this time. */
const TRUST_MS = 4500;
/** How long a good one stays good while the database does not answer; nobody can revoke it meanwhile. */
const OUTAGE_TRUST_MS = 600_000;
/** A client is answered within a second, whatever the database does. */
const PATIENCE_MS = 800;
/** Who is known already need not wait for it: what the answer says takes effect when it comes. */
const KNOWN_PATIENCE_MS = 100;
/** After which a question that got no answer is asked again. */
const ASK_AGAIN_MS = 500;
const MAX_REMEMBERED = 10_000;
/** What is longer is remembered by its digest: 10,000 tokens would be 80 MB. */
const MAX_VERBATIM = 100;

interface Known extends Identified {
  readonly seen: number;
  until: number;
}

/** Finds out who presents a credential, asking the database once in a few seconds for each. */
@Injectable()
export class Authenticator {
  private readonly known = new Map<string, Known>();
  /** Bad ones by the time until which they are; apart, so that guessing does not drive out good ones. */
  private readonly refused = new Map<string, number>();
  private readonly asked = new Map<string, Promise<Principal | null>>();

  constructor(private readonly credentials: Credentials) {}

  /**
   * @returns the caller at once when the credential was seen lately, else a promise of it; null: refused
   * @throws AuthenticationUnavailable
   */
  authenticate(presented: string): Principal | null | Promise<Principal | null> {
    const now = Date.now();
    const name = presented.length <= MAX_VERBATIM ? presented : digestOf(presented);
    const known = this.known.get(name);
    if (known && known.until > now) return known.principal;
    if ((this.refused.get(name) ?? 0) > now || !this.credentials.isPlausible(presented)) return null;
    return this.asked.get(name) ?? this.ask(name, presented, known);
  }

  /** Has everybody of an organization looked up anew: what was changed there holds in this process at once. */
  forget(organizationId: string): void {
    for (const [name, { principal }] of this.known) {
      if (principal.organizationId === organizationId) this.known.delete(name);
    }
  }

  /** Many requests at once with the same credential are one question. */
  private ask(name: string, presented: string, known: Known | undefined): Promise<Principal | null> {
    const answer = this.lookUp(name, presented, known).finally(() => this.asked.delete(name));
    this.asked.set(name, answer);
    return answer;
  }

  private async lookUp(name: string, presented: string, known: Known | undefined): Promise<Principal | null> {
    const answer = this.credentials.identify(presented).then((identified) => this.learn(name, identified));
    try {
      return await withTimeout(answer, known ? KNOWN_PATIENCE_MS : PATIENCE_MS);
    } catch (error) {
      const now = Date.now();
      if (!known || known.seen + OUTAGE_TRUST_MS < now || known.expires <= now) {
        throw new AuthenticationUnavailable((error as Error).message, { cause: error });
      }
      known.until = Math.min(now + ASK_AGAIN_MS, known.expires);
      return known.principal;
    }
  }

  private learn(name: string, identified: Identified | null): Principal | null {
    const now = Date.now();
    if (!identified) {
      this.refuse(name, now + TRUST_MS);
      return null;
    }
    const until = Math.min(now + TRUST_MS, identified.expires);
    put(this.known, name, { ...identified, seen: now, until });
    return identified.principal;
  }

  private refuse(name: string, until: number): void {
    this.known.delete(name);
    put(this.refused, name, until);
  }
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64');

/** The oldest entry goes when there is no more room. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_REMEMBERED) map.delete(map.keys().next().value!);
}
