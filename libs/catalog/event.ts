/** An event as a client sent it, before validation: every field may be missing or wrong. */
export interface RawEvent {
  readonly id?: unknown;
  readonly ts?: unknown;
  readonly type?: unknown;
  readonly user_id?: unknown;
  readonly session_id?: unknown;
  readonly src?: unknown;
  readonly payload?: unknown;
}

/** A validated event. (organization, ts, id) identifies it. */
export interface Event {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  readonly type: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly src: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}
