import type { Series, SessionFact } from '#batch';
import { Measurement } from '../measurement/measurement.js';
import type { OrganizationDelta, SeriesDelta, SessionDelta, UserDay } from './delta.js';
import { BASE_SECONDS } from './windows.js';

/** The events of one batch, column by column, as far as counting needs them. */
export interface FoldInput {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly ts: ArrayLike<number>;
  readonly userIds: readonly (string | null)[];
  readonly sessionIds: readonly (string | null)[];
  readonly series: readonly Series[];
  readonly seriesIndexes: ArrayLike<number>;
  /** For each event one value for each measure of its series, one after the other. */
  readonly values: ArrayLike<number>;
  readonly sessionFacts: ReadonlyMap<number, SessionFact>;
  /** 1 for each event that was not inserted now and must not be counted. */
  readonly skipped: ArrayLike<number>;
}

interface Cell {
  readonly bucket: number;
  events: number;
  readonly measurements: (Measurement | undefined)[];
}

/** Counts the events of several batches of one organization. Pure. */
export function fold(batches: readonly FoldInput[]): OrganizationDelta {
  const types = new Map<string, SeriesDelta[]>();
  const sessions = new Map<string, SessionDelta>();
  const userDays = new Map<string, UserDay>();
  for (const batch of batches) {
    foldSeries(batch, types);
    foldActivity(batch, sessions, userDays);
  }
  return { types, sessions: [...sessions.values()], userDays: [...userDays.values()] };
}

function foldSeries(batch: FoldInput, types: Map<string, SeriesDelta[]>): void {
  const cells: Map<number, Cell>[] = batch.series.map(() => new Map());
  let at = 0;
  for (let i = 0; i < batch.count; i++) {
    const index = batch.seriesIndexes[i]!;
    const width = batch.series[index]!.measures.length;
    if (!batch.skipped[i]) {
      const cell = cellOf(cells[index]!, bucketOf(batch.ts[i]!), width);
      cell.events++;
      for (let m = 0; m < width; m++) {
        const value = batch.values[at + m]!;
        if (Number.isNaN(value)) continue;
        let measurement = cell.measurements[m];
        if (!measurement) {
          measurement = new Measurement();
          cell.measurements[m] = measurement;
        }
        measurement.add(value);
      }
    }
    at += width;
  }
  batch.series.forEach((series, index) => {
    for (const cell of cells[index]!.values()) append(types, series.type, toDelta(series, cell));
  });
}

const bucketOf = (epochMs: number) => Math.floor(epochMs / (BASE_SECONDS * 1000)) * BASE_SECONDS;

function cellOf(cells: Map<number, Cell>, bucket: number, width: number): Cell {
  let cell = cells.get(bucket);
  if (!cell) {
    cell = { bucket, events: 0, measurements: new Array(width) };
    cells.set(bucket, cell);
  }
  return cell;
}

function toDelta(series: Series, cell: Cell): SeriesDelta {
  const measured: Record<string, ReturnType<Measurement['toJSON']>> = {};
  series.measures.forEach((name, m) => {
    const measurement = cell.measurements[m];
    if (measurement) measured[name] = measurement.toJSON();
  });
  return { d: series.dimensions, t: cell.bucket, c: cell.events, m: measured };
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function foldActivity(
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
      const day = dayOf(ts);
      const key = day + userId;
      if (!userDays.has(key)) userDays.set(key, { day, user_id: userId });
    }
    if (sessionId !== null) {
      observe(sessionOf(sessions, sessionId, ts), ts, userId, batch.sessionFacts.get(i));
    }
  }
}

let lastDay = -1;
let lastDayText = '';

/** UTC day of an instant as `YYYY-MM-DD`; remembers the last, as nearly all events are of one day. */
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

const emptySession = (session_id: string, ts: number): SessionDelta => ({
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
function observe(
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
  // Strings as PostgreSQL's "C" collation orders them; UTF-16 order differs past the basic plane.
  const less = typeof a === 'string' ? Buffer.from(a).compare(Buffer.from(b as string)) < 0 : a < b;
  return less ? b : a;
}
