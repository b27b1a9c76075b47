import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#identity';
import { type ErasureCounts, ErasuresStore } from './erasures.store.js';

/** Milliseconds that a caller waits for what has been erased; nearly always it is done by then. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 100;

export interface Erasure {
  readonly erasure_id: string;
  readonly status: 'done' | 'pending';
  /** Null while workers are at it. */
  readonly erased: ErasureCounts | null;
}

/** Has people erased by the workers. */
@Injectable()
export class ErasuresService {
  constructor(private readonly store: ErasuresStore) {}

  async erase(actor: Actor, organizationId: string, userId: string): Promise<Erasure> {
    const erasure_id = await this.store.request(actor, organizationId, userId);
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_EVERY_MS)) {
      const erased = await this.store.outcome(organizationId, erasure_id);
      if (erased) return { erasure_id, status: 'done', erased };
    }
    return { erasure_id, status: 'pending', erased: null };
  }
}
