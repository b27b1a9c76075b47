import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { type ErasureCounts, ErasuresStore } from './erasures.store.js';

/** How long a request waits for the erasure; nearly always it is done by then. */
const MAX_WAIT_MS = 5000;
const POLL_MS = 100;

export interface Erasure {
  readonly erasure_id: string;
  readonly status: 'done' | 'pending';
  /** Null while pending. */
  readonly erased: ErasureCounts | null;
}

/** Requests erasures, which the workers carry out. */
@Injectable()
export class ErasuresService {
  constructor(private readonly store: ErasuresStore) {}

  async erase(actor: Actor, organizationId: string, userId: string): Promise<Erasure> {
    const erasure_id = await this.store.request(actor, organizationId, userId);
    const deadline = Date.now() + MAX_WAIT_MS;
    while (Date.now() < deadline) {
      const erased = await this.store.outcome(organizationId, erasure_id);
      if (erased) return { erasure_id, status: 'done', erased };
      await sleep(POLL_MS);
    }
    return { erasure_id, status: 'pending', erased: null };
  }
}
