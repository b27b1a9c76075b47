import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import type { Pool } from 'pg';
import { failureKind } from '#database';
import { Loop } from '#jobs';
import type { ReplicaFigures, ReplicaKind } from './replicas.read-model.js';
import { ReplicasStore } from './replicas.store.js';

const EVERY_MS = 5_000;
/** Milliseconds that the last report and the farewell may take at shutdown. */
const GRACE_MS = 1_000;

/**
 * Reports the figures of this process every five seconds, from its start to its shutdown. While the database is away
 * nothing is reported; the log says so once.
 */
export class ReplicaReports
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly store: ReplicasStore;
  private readonly loop: Loop;
  private left: Promise<unknown> = Promise.resolve();

  /** @param measure the figures now */
  constructor(pool: Pool, kind: ReplicaKind, measure: () => ReplicaFigures | Promise<ReplicaFigures>) {
    this.store = new ReplicasStore(pool, randomUUID(), kind);
    this.loop = new Loop({
      name: 'replica-reports',
      everyMs: EVERY_MS,
      run: () => this.report(measure),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Begins before the pool is closed, and holds up nothing meanwhile. */
  beforeApplicationShutdown(): void {
    this.left = Promise.race([this.leave(), sleep(GRACE_MS, undefined, { ref: false })]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.left;
  }

  private async report(measure: () => ReplicaFigures | Promise<ReplicaFigures>): Promise<void> {
    const figures = await measure();
    try {
      await this.store.report(figures);
      await this.store.sweep();
    } catch (error) {
      // A connection fails in many ways. The log repeats no message, so an outage is one line.
      if (failureKind(error) === 'transient')
        throw new Error('the database is away: no figures are reported');
      throw error;
    }
  }

  /** Never rejects: after 15 s without a report the process counts as gone anyway. */
  private async leave(): Promise<void> {
    await this.loop.stop();
    await this.store.leave().catch(() => {});
  }
}
