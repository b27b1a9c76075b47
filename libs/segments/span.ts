/** The first or last event of a span. An organization's events are ordered by instant, then by id. */
export interface SpanEnd {
  readonly ts: Date;
  readonly id: string;
}

/** Consecutive events of an organization, all of one day. */
export interface Span {
  readonly first: SpanEnd;
  readonly last: SpanEnd;
  readonly events: number;
  /** Bytes of their payloads. */
  readonly payloadBytes: number;
}

/** A span in the answer of a query. */
export interface SpanRow {
  readonly firstTs: Date;
  readonly firstId: string;
  readonly lastTs: Date;
  readonly lastId: string;
  readonly events: number;
  readonly payloadBytes: number;
}

export const spanOf = ({ firstTs, firstId, lastTs, lastId, events, payloadBytes }: SpanRow): Span => ({
  first: { ts: firstTs, id: firstId },
  last: { ts: lastTs, id: lastId },
  events,
  payloadBytes,
});
