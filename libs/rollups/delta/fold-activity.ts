import type { SessionDelta, UserDay } from './delta.js';
import type { FoldInput } from './fold-input.js';
import { addEvent, emptySession } from './session.js';

/** Adds a batch to sessions, by id, and to the days on which users were active, by day and user. */
export function foldActivity(
  batch: FoldInput,
  sessions: Map<string, SessionDelta>,
  userDays: Map<string, UserDay>,
): void {
  for (let i = 0; i < batch.count; i++) {
    if (batch.skipped[i]) continue;
    const userId = batch.userIds[i] ?? null;
    const sessionId = batch.sessionIds[i] ?? null;
    const ts = batch.ts[i]!;
    if (userId !== null) {
      addToDay(userDays, userId, ts);
    }
    if (sessionId !== null) {
      addEvent(sessionOf(sessions, sessionId, ts), ts, userId, batch.sessionFacts.get(i));
    }
  }
}

const QUARTER_MS = 900_000;
const QUARTERS = 96;

function addToDay(userDays: Map<string, UserDay>, userId: string, ts: number): void {
  const day = dayOf(ts);
  const quarter = Math.floor(ts / QUARTER_MS) % QUARTERS;
  const key = day + userId;
  const known = userDays.get(key);
  if (!known) userDays.set(key, { day, user_id: userId, first: quarter, last: quarter });
  else if (quarter < known.first) known.first = quarter;
  else if (quarter > known.last) known.last = quarter;
}

let lastDay = -1;
let lastDayText = '';

/** UTC day of an instant as `YYYY-MM-DD`. Caches the last one, because nearly all events are of one day. */
function dayOf(epochMs: number): string {
  const day = Math.floor(epochMs / 86_400_000);
  if (day !== lastDay) {
    lastDay = day;
    lastDayText = new Date(epochMs).toISOString().slice(0, 10);
  }
  return lastDayText;
}

function sessionOf(sessions: Map<string, SessionDelta>, id: string, ts: number): SessionDelta {
  let session = sessions.get(id);
  if (!session) {
    session = emptySession(id, ts);
    sessions.set(id, session);
  }
  return session;
}
