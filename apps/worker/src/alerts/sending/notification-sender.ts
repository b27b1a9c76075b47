import { CHANNEL_KINDS, type Outcome, type Senders } from '#alerts';
import type { LoopContext } from '#jobs';
import { attemptOf } from './attempt-of.js';
import type { NotificationsStore, TakenNotification } from './notifications.store.js';

/** Longer than any channel takes: a mail server may take twenty seconds for each of its answers. */
const LEASE_MS = 180_000;
const SHARE = { all: 40, each: 5 };

/** Sends what the outbox holds. */
export class NotificationSender {
  constructor(
    private readonly store: NotificationsStore,
    private readonly senders: Senders,
  ) {}

  /** Sends until nothing is due. A worker that dies between sending and noting it lets another one send it again. */
  async send({ clock, signal }: Pick<LoopContext, 'clock' | 'signal'>): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.now();
      const taken = await this.store.take(new Date(now), new Date(now + LEASE_MS), SHARE);
      if (taken.length === 0) return;
      await Promise.all(
        taken.map(async (one) => {
          const outcome = await this.attempt(one, now);
          await this.store.note(one, attemptOf(outcome, one, clock.now()));
        }),
      );
    }
  }

  private async attempt(taken: TakenNotification, now: number): Promise<Outcome> {
    const { id, message, kind, target, secret } = taken;
    const channel = CHANNEL_KINDS.get(kind ?? '');
    if (!channel || target === null) return { status: 'refused', said: 'the channel was removed' };
    return channel.send({ id, message, target, secret, now }, this.senders);
  }
}
