import type { Outcome } from '#alerts';
import type { Attempt, TakenNotification } from './notifications.store.js';

/** After these milliseconds a notification is tried again; the last attempt is some two hours after the first. */
const PAUSES = [10, 30, 90, 270, 810, 2430, 3600].map((seconds) => seconds * 1000);

/**
 * What to note of an attempt: it is tried again after a pause that grows, until it is given up. A test is tried once: somebody
 * waits for what the channel says. Pure.
 * @param attempts this one included
 * @param now milliseconds since the epoch
 */
export function attemptOf(
  { status, said }: Outcome,
  { attempts, message }: Pick<TakenNotification, 'attempts' | 'message'>,
  now: number,
): Attempt {
  const at = new Date(now);
  if (status !== 'deferred') return { status, said, at, dueAt: at };
  const pause = message.event === 'test' ? undefined : PAUSES[attempts - 1];
  if (pause === undefined) return { status: 'given_up', said, at, dueAt: at };
  return { status: 'waiting', said, at, dueAt: new Date(now + pause) };
}
