import { Injectable } from '@nestjs/common';
import { IdentityStore, type Principal, parseApiKey } from '#identity';

/** How long a key that was found good, or bad, is taken at its word: a revocation takes effect in this time. */
const TRUST_MS = 5000;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly principal: Principal | null;
  readonly until: number;
}

/** Finds out who presents a key, asking the database once in a few seconds for each. */
@Injectable()
export class Authenticator {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly identities: IdentityStore) {}

  /** @returns the caller at once when the key was seen lately, else a promise of it; null: refused */
  authenticate(presented: string): Principal | null | Promise<Principal | null> {
    const known = this.remembered.get(presented);
    if (known && known.until > Date.now()) return known.principal;
    const key = parseApiKey(presented);
    return key ? this.lookUp(presented, key) : null;
  }

  private async lookUp(presented: string, key: Parameters<IdentityStore['authenticate']>[0]) {
    const principal = await this.identities.authenticate(key);
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(presented, { principal, until: Date.now() + TRUST_MS });
    return principal;
  }
}
