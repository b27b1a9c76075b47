/** Position of an event in its organization: events are ordered by instant, then by id. */
export interface EventPosition {
  readonly ts: Date;
  readonly id: string;
}

/** Consecutive events of an organization, all of one day. */
export interface Span {
  readonly organizationId: string;
  readonly first: EventPosition;
  readonly last: EventPosition;
}
