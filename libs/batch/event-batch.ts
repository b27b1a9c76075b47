import type { Event } from '#catalog';

/** What an event is counted under: the catalog's dimensions and measures, extracted at validation. */
export interface Series {
  readonly type: string;
  /** A dimension the event does not carry is absent. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: readonly string[];
  /** Revision of the organization's own type; absent: the type is built in. */
  readonly typeRevision?: number;
}

/** What one event tells about its session beyond the instant. */
export interface SessionFact {
  /** Seconds. */
  readonly talkedTime?: number;
  readonly device?: string;
  readonly ends?: true;
}

/**
 * A validated event with all that the worker needs to count it. Its payload is text by now: the object, of
 * thousands of values perhaps, need not live until the job is written.
 */
export interface CountableEvent extends Omit<Event, 'payload'> {
  /** The payload as JSON, serialised once. */
  readonly payloadJson: string;
  /** Mostly the same object for all events that are counted together; different ones are merged later. */
  readonly series: Series;
  /** One value for each of `series.measures`; NaN where the event has none. */
  readonly values: readonly number[];
  readonly sessionFact?: SessionFact;
}

/** Who has sent events, for the audit log. */
export interface Sender {
  readonly organizationId: string;
  /** As `Principal.subject`. */
  readonly actor: string;
  /** Network address, or several separated by commas. */
  readonly clientAddress: string;
}

/** Identifies one accepted batch of one sender; the worker takes it once. */
export interface BatchHeader extends Sender {
  readonly batchId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** A batch on its way through the queue: readable header, columns in the layout of `columns.ts`. */
export interface EncodedBatch extends BatchHeader {
  readonly count: number;
  /** Events that were in it, too, until a person was erased; the ledger has them among the dead letters. */
  readonly erased?: number;
  readonly series: readonly Series[];
  /** Index of the event → its fact, for the events that have one. */
  readonly sessionFacts: readonly (readonly [number, SessionFact])[];
  readonly columns: Buffer;
}
