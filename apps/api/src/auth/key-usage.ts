import { Logger } from '@nestjs/common';
import type { Principal } from '#identity';
import { type JobLogger, Loop } from '#jobs';

/** `last_used_at` shows which keys are unused; half a minute is close enough. */
const WRITE_EVERY_MS = 30_000;
const KEY = 'key:';

/** When each key of an organization was last used: milliseconds since the epoch, by public id. */
export type KeyUses = ReadonlyMap<string, number>;

/** Records when keys were used, and writes it to the database periodically. */
export class KeyUsage {
  /** By principal: these are few and live for seconds. The write groups them by key. */
  private readonly uses = new Map<Principal, number>();
  private readonly unwritten = new Map<string, Map<string, number>>();
  private readonly loop: Loop;

  /** @param write stores the uses of one organization; a failed write is retried with the next */
  constructor(
    private readonly write: (organizationId: string, uses: KeyUses) => Promise<void>,
    logger: JobLogger = new Logger(KeyUsage.name),
  ) {
    this.loop = new Loop({
      name: KeyUsage.name,
      everyMs: WRITE_EVERY_MS,
      logger,
      run: () => this.writeAll(),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves once everything is written, or the write has failed. */
  async stop(): Promise<void> {
    await this.loop.stop();
    await this.flush();
  }

  /** @param now milliseconds since the epoch */
  used(principal: Principal, now: number): void {
    if (principal.subject.startsWith(KEY)) this.uses.set(principal, now);
  }

  /** Writes now. Never rejects: errors are logged. */
  flush(): Promise<void> {
    return this.loop.run();
  }

  private async writeAll(): Promise<void> {
    this.group();
    for (const [organizationId, uses] of this.unwritten) {
      await this.write(organizationId, uses);
      this.unwritten.delete(organizationId);
    }
  }

  private group(): void {
    for (const [{ organizationId, subject }, at] of this.uses) {
      const keys = this.unwritten.get(organizationId) ?? new Map<string, number>();
      const publicId = subject.slice(KEY.length);
      keys.set(publicId, Math.max(keys.get(publicId) ?? 0, at));
      this.unwritten.set(organizationId, keys);
    }
    this.uses.clear();
  }
}
