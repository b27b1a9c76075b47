import { Logger } from '@nestjs/common';
import { type JobLogger, Loop } from '#jobs';

const WRITE_EVERY_MS = 5_000;
const QUARTER_MS = 900_000;

/** Rejected events of an organization in a quarter of an hour. */
export interface CountedRejections {
  /** Start of the quarter, in milliseconds since the epoch. */
  readonly bucket: number;
  readonly code: string;
  readonly events: number;
}

/** By quarter of an hour and code. */
type Counts = Map<number, Map<string, number>>;

/**
 * Counts the events that intake rejects, and adds them to the database every five seconds and at shutdown. A process that
 * is killed takes those of up to five seconds with it; their clients know of them from the answers.
 */
export class RejectionCounts {
  private readonly counts = new Map<string, Counts>();
  private readonly loop: Loop;

  /** @param write adds those of one organization; what it throws is logged, and they are written with the next */
  constructor(
    private readonly write: (organizationId: string, counted: readonly CountedRejections[]) => Promise<void>,
    logger: JobLogger = new Logger(RejectionCounts.name),
  ) {
    const run = () => this.writeAll();
    this.loop = new Loop({ name: RejectionCounts.name, everyMs: WRITE_EVERY_MS, logger, run });
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves once everything is written, or the write has failed. */
  async stop(): Promise<void> {
    await this.loop.stop();
    await this.flush();
  }

  /**
   * Counts the rejected events of a request.
   * @param now milliseconds since the epoch
   */
  add(organizationId: string, rejected: readonly { readonly code: string }[], now: number): void {
    if (rejected.length === 0) return;
    const codes = this.codesOf(organizationId, Math.floor(now / QUARTER_MS) * QUARTER_MS);
    for (const { code } of rejected) codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  /** Writes now. Never rejects: errors are logged. */
  flush(): Promise<void> {
    return this.loop.run();
  }

  private async writeAll(): Promise<void> {
    for (const [organizationId, counts] of [...this.counts]) {
      // What comes while this is written waits for the next.
      this.counts.delete(organizationId);
      try {
        await this.write(organizationId, listOf(counts));
      } catch (error) {
        this.restore(organizationId, counts);
        throw error;
      }
    }
  }

  private codesOf(organizationId: string, bucket: number): Map<string, number> {
    const buckets: Counts = entry(this.counts, organizationId, () => new Map());
    return entry(buckets, bucket, () => new Map());
  }

  private restore(organizationId: string, counts: Counts): void {
    for (const { bucket, code, events } of listOf(counts)) {
      const codes = this.codesOf(organizationId, bucket);
      codes.set(code, (codes.get(code) ?? 0) + events);
    }
  }
}

const listOf = (counts: Counts): CountedRejections[] =>
  [...counts].flatMap(([bucket, codes]) => [...codes].map(([code, events]) => ({ bucket, code, events })));

/** The value of a key, made when it is not there. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
