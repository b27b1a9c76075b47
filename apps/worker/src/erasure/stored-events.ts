import {
  extractDimensions,
  extractMeasures,
  extractSessionFact,
  type Series,
  type SessionFact,
} from '#batch';
import type { EventType } from '#catalog';
import type { FoldInput } from '#rollups';

/** A row of `events`. */
export interface StoredEvent {
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly type: string;
  /** Revision of the organization's type that the event was counted by; null for a built-in type. */
  readonly type_revision: number | null;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The parts of an event type that decide how an event is counted. */
export type CountedBy = Pick<EventType, 'dimensions' | 'measures' | 'session'>;

/**
 * Converts stored events to input of `fold`, so that they are counted exactly as on arrival. Pure.
 * @param typeOf the type that an event was counted by
 */
export function foldInputOf(
  events: readonly StoredEvent[],
  typeOf: (event: StoredEvent) => CountedBy,
): FoldInput {
  const indexes = new Map<string, number>();
  const series: Series[] = [];
  const seriesIndexes: number[] = [];
  const values: number[] = [];
  const sessionFacts = new Map<number, SessionFact>();
  events.forEach((event, i) => {
    const type = typeOf(event);
    const dimensions = extractDimensions(type, event.payload);
    const key = JSON.stringify([event.type, event.type_revision, dimensions]);
    const index =
      indexes.get(key) ?? series.push({ type: event.type, dimensions, measures: type.measures }) - 1;
    indexes.set(key, index);
    seriesIndexes.push(index);
    values.push(...extractMeasures(type, event.payload));
    if (type.session) sessionFacts.set(i, extractSessionFact(type.session, event.payload));
  });
  return {
    count: events.length,
    series,
    seriesIndexes,
    values,
    sessionFacts,
    ts: events.map(({ ts }) => ts),
    userIds: events.map(({ user_id }) => user_id),
    sessionIds: events.map(({ session_id }) => session_id),
    skipped: new Uint8Array(events.length),
  };
}
