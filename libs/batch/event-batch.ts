import type { Event } from '#catalog';
import type { PooledBytes } from './buffer-pool.js';

/** What an event is counted under: dimensions and measures of its type, extracted at validation. */
export interface Series {
  readonly type: string;
  /** Without dimensions that the event lacks. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: readonly string[];
  /** Revision of a type that the organization registered; absent for a built-in type. */
  readonly typeRevision?: number;
}

/** What an event says about its session, besides its instant. */
export interface SessionFact {
  /** Seconds. */
  readonly talkedTime?: number;
  readonly device?: string;
  readonly ends?: true;
}

/**
 * A validated event with everything the worker needs to count it. Its payload is already text, so that an
 * object of thousands of values need not live until the job is written.
 */
export interface CountableEvent extends Omit<Event, 'payload'> {
  readonly payloadJson: string;
  /** Usually the same object for all events that are counted together; equal ones are merged later. */
  readonly series: Series;
  /** One value per entry of `series.measures`; NaN where the event has none. */
  readonly values: readonly number[];
  readonly sessionFact?: SessionFact;
}

/** Who sent events, for the audit log. */
export interface Sender {
  readonly organizationId: string;
  /** As `Principal.subject`. */
  readonly actor: string;
  /** A network address, or several separated by commas. */
  readonly clientAddress: string;
}

/** Identifies an accepted batch of one sender; the worker stores it once. */
export interface BatchHeader extends Sender {
  readonly batchId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** A batch on its way through the queue. `BatchReader` reads its columns. */
export interface EncodedBatch extends BatchHeader {
  readonly count: number;
  /** Events removed from it when a person was erased; the ledger counts them as dead-lettered. */
  readonly erased?: number;
  readonly series: readonly Series[];
  /** Index of the event and its fact, for the events that have one. */
  readonly sessionFacts: readonly (readonly [number, SessionFact])[];
  /** Owned by the holder of the batch; see `column-layout.ts`. */
  readonly columns: PooledBytes;
}
