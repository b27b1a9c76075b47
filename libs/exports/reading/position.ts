import type { ExportFilter } from '../request/export-filter.js';

/**
 * Where an export has got to: all events up to this instant (milliseconds since the epoch) and id. Events are exported
 * in this order, oldest first.
 */
export type Position = readonly [ts: number, id: string];

/** Before the first event at an instant: no event has an empty id. */
export const startOf = (ts: number): Position => [ts, ''];

/** Consecutive events of one day: those after a position, up to another one. */
export interface Span {
  readonly after: Position;
  readonly upTo: Position;
  /** Milliseconds since the epoch. */
  readonly endOfDay: number;
}

/** The part of an export's time that is behind a position, from 0 to 1. */
export const progressAt = ([ts]: Position, { from, to }: ExportFilter) =>
  Math.min(1, Math.max(0, (ts - from) / (to - from)));
