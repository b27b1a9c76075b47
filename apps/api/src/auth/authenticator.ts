import { Injectable } from '@nestjs/common';
import { type ApiKey, IdentityStore, type Principal, parseApiKey } from '#identity';

/** How long a key that was found good, or bad, is taken at its word: a revocation takes effect in this time. */
const TRUST_MS = 5000;
/** How long a good key stays good while the database does not answer; nobody can revoke it meanwhile. */
const OUTAGE_TRUST_MS = 600_000;
/** A client is answered within a second, whatever the database does. */
const PATIENCE_MS = 800;
const MAX_REMEMBERED = 10_000;

interface Known {
  readonly principal: Principal;
  readonly seen: number;
  until: number;
}

/** Who calls could not be found out at the moment. */
export class AuthenticationUnavailable extends Error {}

/** Finds out who presents a key, asking the database once in a few seconds for each. */
@Injectable()
export class Authenticator {
  private readonly known = new Map<string, Known>();
  /** Bad keys by the time until which they are; apart, so that guessing does not drive out good ones. */
  private readonly refused = new Map<string, number>();
  private readonly asked = new Map<string, Promise<Principal | null>>();

  constructor(private readonly identities: IdentityStore) {}

  /**
   * @returns the caller at once when the key was seen lately, else a promise of it; null: refused
   * @throws AuthenticationUnavailable
   */
  authenticate(presented: string): Principal | null | Promise<Principal | null> {
    const now = Date.now();
    const known = this.known.get(presented);
    if (known && known.until > now) return known.principal;
    const key = parseApiKey(presented);
    if (!key || (this.refused.get(presented) ?? 0) > now) return null;
    return this.asked.get(presented) ?? this.ask(presented, key, known);
  }

  /** Many requests at once with the same key are one question. */
  private ask(presented: string, key: ApiKey, known: Known | undefined): Promise<Principal | null> {
    const answer = this.lookUp(presented, key, known).finally(() => this.asked.delete(presented));
    this.asked.set(presented, answer);
    return answer;
  }

  private async lookUp(presented: string, key: ApiKey, known: Known | undefined): Promise<Principal | null> {
    try {
      const principal = await inTime(this.identities.authenticate(key));
      const now = Date.now();
      if (principal) put(this.known, presented, { principal, seen: now, until: now + TRUST_MS });
      else this.refuse(presented, now + TRUST_MS);
      return principal;
    } catch (error) {
      const now = Date.now();
      if (!known || known.seen + OUTAGE_TRUST_MS < now) {
        throw new AuthenticationUnavailable((error as Error).message, { cause: error });
      }
      known.until = now + TRUST_MS;
      return known.principal;
    }
  }

  private refuse(presented: string, until: number): void {
    this.known.delete(presented);
    put(this.refused, presented, until);
  }
}

/** The oldest entry goes when there is no more room. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_REMEMBERED) map.delete(map.keys().next().value!);
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
