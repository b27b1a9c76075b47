import type { Granularity } from '#people';

/** A raw event of a person; `ts` in milliseconds since the epoch. */
export interface PersonEvent {
  readonly id: string;
  readonly ts: number;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

const DAY_MS = 86_400_000;

/** Local date `YYYY-MM-DD` of an instant. */
export const dateIn = (ts: number, timeZone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(ts);

/** The day, the Monday of its week or the month of an instant. */
export function periodIn(ts: number, granularity: Granularity, timeZone: string): string {
  const date = dateIn(ts, timeZone);
  if (granularity === 'day') return date;
  if (granularity === 'month') return date.slice(0, 7);
  const midnight = Date.parse(date);
  const daysAfterMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return new Date(midnight - daysAfterMonday * DAY_MS).toISOString().slice(0, 10);
}

/** The periods in which each user was active, in order. */
export function activePeriods(
  events: readonly PersonEvent[],
  granularity: Granularity,
  timeZone: string,
): Map<string, string[]> {
  const periods = new Map<string, Set<string>>();
  for (const { user_id, ts } of events) {
    if (user_id === null) continue;
    const own = periods.get(user_id) ?? new Set();
    periods.set(user_id, own.add(periodIn(ts, granularity, timeZone)));
  }
  return new Map([...periods].map(([user, own]) => [user, [...own].sort()]));
}

/** Sessions by id, with the fields of the API except the profile. */
export function sessionsOf(events: readonly PersonEvent[]) {
  const groups = new Map<string, PersonEvent[]>();
  for (const event of events) {
    if (event.session_id === null) continue;
    groups.set(event.session_id, [...(groups.get(event.session_id) ?? []), event]);
  }
  return new Map(
    [...groups].map(([session_id, own]) => {
      const instants = own.map(({ ts }) => ts);
      const ends = own.filter(({ type }) => type === 'session_end').map(({ ts }) => ts);
      const started = Math.min(...instants);
      const last = Math.max(...instants);
      const ended = ends.length > 0 ? Math.max(...ends) : null;
      return [
        session_id,
        {
          session_id,
          user_id: greatest(own.map(({ user_id }) => user_id)),
          started_at: new Date(started),
          ended_at: ended === null ? null : new Date(ended),
          last_seen_at: new Date(last),
          duration_seconds: ((ended ?? last) - started) / 1000,
          device: greatest(
            own.map(({ type, payload }) => (DEVICE_TYPES.has(type) ? payload.device_type : null)),
          ),
          events: own.length,
          talked_seconds: own.reduce(
            (sum, { type, payload }) => sum + (type === 'voice_metric' ? (payload.talked_time as number) : 0),
            0,
          ),
        },
      ];
    }),
  );
}

const DEVICE_TYPES = new Set(['voice_metric', 'session_start', 'session_end', 'session_update']);

/** The last text in byte order. */
function greatest(values: readonly unknown[]): string | null {
  const texts = values.filter((value) => typeof value === 'string');
  return texts.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).at(-1) ?? null;
}

export interface OracleStep {
  readonly type: string;
  readonly where: Readonly<Record<string, string | null>>;
}

/**
 * Users who reached each step, by trying every chain of events.
 * @param startsAt a further condition on the first event
 */
export function funnelOf(
  events: readonly PersonEvent[],
  steps: readonly OracleStep[],
  within: number,
  startsAt: (event: PersonEvent) => boolean = () => true,
): number[] {
  const fits = (event: PersonEvent, k: number) =>
    event.type === steps[k]!.type &&
    (k > 0 || startsAt(event)) &&
    Object.entries(steps[k]!.where).every(([name, value]) => (event.payload[name] ?? null) === value);
  const bitsOf = (event: PersonEvent) =>
    steps.reduce((bits, _, k) => bits + (fits(event, k) ? 2 ** k : 0), 0);
  const byUser = new Map<string, { event: PersonEvent; bits: number }[]>();
  for (const event of events) {
    const bits = bitsOf(event);
    if (event.user_id === null || bits === 0) continue;
    byUser.set(event.user_id, [...(byUser.get(event.user_id) ?? []), { event, bits }]);
  }
  const lowest = (bits: number) => Math.log2(bits & -bits);
  const reached = [...byUser.values()].map((own) => {
    own.sort((a, b) => a.event.ts - b.event.ts || lowest(a.bits) - lowest(b.bits) || a.bits - b.bits);
    const longest = (from: number, k: number, start: number): number => {
      let best = k;
      for (let i = from; i < own.length && best < steps.length; i++) {
        if (own[i]!.event.ts - start > within) break;
        if (k < steps.length && fits(own[i]!.event, k)) best = Math.max(best, longest(i + 1, k + 1, start));
      }
      return best;
    };
    return Math.max(0, ...own.map(({ event }, i) => (fits(event, 0) ? longest(i + 1, 1, event.ts) : 0)));
  });
  return steps.map((_, k) => reached.filter((steps) => steps > k).length);
}
