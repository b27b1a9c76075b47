import type { SessionFact } from '#batch';
import type { SessionDelta } from './delta.js';

/**
 * A session without events.
 * @param ts of its first event, milliseconds since the epoch
 */
export const emptySession = (session_id: string, ts: number): SessionDelta => ({
  session_id,
  first_seen: ts,
  last_seen: ts,
  ended_at: null,
  user_id: null,
  device: null,
  talked_seconds: 0,
  events: 0,
});

/** Adds one event to its session. */
export function addEvent(
  session: SessionDelta,
  ts: number,
  userId: string | null,
  fact: SessionFact | undefined,
): void {
  if (ts < session.first_seen) session.first_seen = ts;
  if (ts > session.last_seen) session.last_seen = ts;
  session.user_id = greatest(session.user_id, userId);
  session.events++;
  if (!fact) return;
  if (fact.ends) session.ended_at = greatest(session.ended_at, ts);
  session.device = greatest(session.device, fact.device ?? null);
  session.talked_seconds += fact.talkedTime ?? 0;
}

/** Adds `other` to `session`. */
export function mergeSession(session: SessionDelta, other: SessionDelta): void {
  session.first_seen = Math.min(session.first_seen, other.first_seen);
  session.last_seen = Math.max(session.last_seen, other.last_seen);
  session.ended_at = greatest(session.ended_at, other.ended_at);
  session.user_id = greatest(session.user_id, other.user_id);
  session.device = greatest(session.device, other.device);
  session.talked_seconds += other.talked_seconds;
  session.events += other.events;
}

function greatest<T extends number | string>(a: T | null, b: T | null): T | null {
  if (a === null || b === null || a === b) return a ?? b;
  // Strings in the byte order of PostgreSQL's "C" collation; UTF-16 order differs beyond the basic plane.
  const less = typeof a === 'string' ? Buffer.from(a).compare(Buffer.from(b as string)) < 0 : a < b;
  return less ? b : a;
}
