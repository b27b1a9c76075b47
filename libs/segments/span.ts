/** The first or last event of a span. An organization's events are ordered by instant, then by id. */
export interface SpanEnd {
  readonly ts: Date;
  readonly id: string;
}

/** Consecutive events of an organization, all of one day. */
export interface Span {
  readonly organizationId: string;
  readonly first: SpanEnd;
  readonly last: SpanEnd;
}

/** A span in the answer of a query. */
export interface SpanRow {
  readonly firstTs: Date;
  readonly firstId: string;
  readonly lastTs: Date;
  readonly lastId: string;
}

export const spanOf = (organizationId: string, { firstTs, firstId, lastTs, lastId }: SpanRow): Span => ({
  organizationId,
  first: { ts: firstTs, id: firstId },
  last: { ts: lastTs, id: lastId },
});
