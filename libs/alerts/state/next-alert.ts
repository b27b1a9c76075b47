/** An alert that is not over. Instants in milliseconds since the epoch. */
export interface OpenAlert {
  readonly state: 'pending' | 'firing';
  /** Since when the condition has held. */
  readonly startedAt: number;
  /** When it has held for long enough; null: not yet. */
  readonly firedAt: number | null;
  /** When people were last told; null: never, because it is silenced. */
  readonly toldAt: number | null;
}

/** How an alert goes on. */
export interface AlertTiming {
  /** For how long the condition must hold. */
  readonly forMs: number;
  /** After how long people are told again; null: never. */
  readonly repeatMs: number | null;
  /** Until when nobody is told; null: not silenced. */
  readonly silencedUntil: number | null;
}

/** What people are told about an alert. */
export type Telling = 'firing' | 'repeated' | 'resolved';

/** The alert after an evaluation, and what to tell. */
export interface AlertStep {
  /** Null: there is no alert any more. */
  readonly alert: OpenAlert | null;
  readonly tells: Telling | null;
}

/**
 * The alert of a rule after an evaluation. It fires once, is repeated at intervals and resolved once. A silence holds back
 * all but the end, and the end is told when the beginning was. Pure.
 * @param before null: there was no alert
 * @param holds whether the condition holds; null: not known, and nothing changes
 * @param now milliseconds since the epoch
 */
export function nextAlert(
  before: OpenAlert | null,
  holds: boolean | null,
  timing: AlertTiming,
  now: number,
): AlertStep {
  if (holds === null) return { alert: before, tells: null };
  if (!holds) return { alert: null, tells: before !== null && before.toldAt !== null ? 'resolved' : null };
  const { forMs, repeatMs, silencedUntil } = timing;
  const startedAt = before?.startedAt ?? now;
  const isFiring = before?.state === 'firing' || now - startedAt >= forMs;
  if (!isFiring) return { alert: { state: 'pending', startedAt, firedAt: null, toldAt: null }, tells: null };
  const toldAt = before?.toldAt ?? null;
  const firing: OpenAlert = { state: 'firing', startedAt, firedAt: before?.firedAt ?? now, toldAt };
  const isSilenced = silencedUntil !== null && now < silencedUntil;
  const isDue = toldAt === null || (repeatMs !== null && now - toldAt >= repeatMs);
  if (isSilenced || !isDue) return { alert: firing, tells: null };
  return { alert: { ...firing, toldAt: now }, tells: toldAt === null ? 'firing' : 'repeated' };
}
