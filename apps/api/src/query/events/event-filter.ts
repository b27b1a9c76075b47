/** A condition on the field of a payload. */
export interface PayloadCondition {
  /** Names of nested fields, joined by dots. */
  readonly path: string;
  /** The text that a dimension has for the value; null: the payload has no such text. */
  readonly value: string | null;
}

/** Which events to list; instants in milliseconds since the epoch, half-open. */
export interface EventFilter {
  readonly from: number;
  readonly to: number;
  readonly type?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly payload?: readonly PayloadCondition[];
}

/** A place in the order of events: instant in milliseconds since the epoch, and id. */
export type EventPosition = readonly [number, string];

export const isEventPosition = (value: readonly unknown[]): value is EventPosition & unknown[] =>
  typeof value[0] === 'number' && typeof value[1] === 'string';

/** An event as it is listed. */
export interface EventRow {
  readonly id: string;
  readonly ts: Date;
  readonly received_at: Date;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly src: string | null;
  readonly payload: unknown;
}
