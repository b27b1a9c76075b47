import type { Queue } from 'bullmq';
import type { Pool } from 'pg';
import type { LoopContext } from '#jobs';
import type { Eraser } from './eraser.js';
import { type Erasure, nextErasure } from './erasure.store.js';
import { waitForDrain } from './wait-for-drain.js';

/** Milliseconds between polls for requests, whose callers wait for seconds at most. */
export const LOOK_EVERY_MS = 500;
/** Milliseconds until a failed request is retried; doubled with each failure, up to the longest. */
const REST_MS = 100;
const LONGEST_REST_MS = 30_000;

/** Erasure requests, stored in the database until they are done, even if a worker dies meanwhile. */
export class PendingErasures {
  /** Failed requests: how often they failed, and when to retry them. */
  private readonly failed = new Map<string, { readonly times: number; readonly until: number }>();

  constructor(
    private readonly pool: Pool,
    private readonly ingest: Queue,
    private readonly eraser: Eraser,
  ) {}

  /**
   * Processes requests until none is left. A failed request waits before its retry; others are processed
   * meanwhile.
   * @throws the server's error when pending requests cannot be read; the signal's reason when it aborts
   */
  async process(context: LoopContext): Promise<void> {
    const { clock, signal } = context;
    for (;;) {
      signal.throwIfAborted();
      const now = clock.now();
      const resting = [...this.failed].filter(([, { until }]) => until > now);
      const erasure = await nextErasure(
        this.pool,
        resting.map(([id]) => id),
      );
      if (erasure) {
        await this.attempt(erasure, context);
      } else if (resting.length > 0) {
        const rests = resting.map(([, { until }]) => until - now);
        await clock.sleep(Math.min(...rests, LOOK_EVERY_MS), signal);
      } else {
        // Other workers may have completed those that failed here.
        this.failed.clear();
        return;
      }
    }
  }

  private async attempt(erasure: Erasure, { clock, logger, signal }: LoopContext): Promise<void> {
    try {
      // Events accepted before the request must be stored before they can be erased.
      await waitForDrain(this.ingest, signal);
      if (await this.eraser.erase(erasure)) {
        this.failed.delete(erasure.id);
        return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      logger.warn(`request ${erasure.id}: ${(error as Error).message}`);
    }
    this.rest(erasure.id, clock.now());
  }

  private rest(id: string, now: number): void {
    const times = (this.failed.get(id)?.times ?? 0) + 1;
    const rest = Math.min(REST_MS * 2 ** (times - 1), LONGEST_REST_MS);
    this.failed.set(id, { times, until: now + rest });
  }
}
