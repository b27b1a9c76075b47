import type { Principal } from '#identity';

/** `last_used_at` tells a person which keys lie idle: to half a minute is close enough. */
const WRITE_EVERY_MS = 30_000;
const KEY = 'key:';

/** When each key of an organization was last used: milliseconds since the epoch, by public id. */
export type KeyUses = ReadonlyMap<string, number>;

/** Remembers when keys were used, and writes it down now and then. */
export class KeyUsage {
  /** Principals live for seconds and are few; to group them by key is left for the write. */
  private readonly uses = new Map<Principal, number>();
  private readonly unwritten = new Map<string, Map<string, number>>();
  private written = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param write takes the uses of one organization
   * @param warn is told of a write that failed; it is tried again with the next
   */
  constructor(
    private readonly write: (organizationId: string, uses: KeyUses) => Promise<void>,
    private readonly warn: (error: Error) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  /** Resolves once everything is written, or could not be. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** @param now milliseconds since the epoch */
  used(principal: Principal, now: number): void {
    if (principal.subject.startsWith(KEY)) this.uses.set(principal, now);
  }

  /** One after the other: a database that is slow is not asked twice at once. */
  flush(): Promise<void> {
    this.written = this.written.then(() => this.writeAll());
    return this.written;
  }

  private async writeAll(): Promise<void> {
    this.group();
    try {
      for (const [organizationId, uses] of this.unwritten) {
        await this.write(organizationId, uses);
        this.unwritten.delete(organizationId);
      }
    } catch (error) {
      this.warn(error as Error);
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
