/** A JSON Schema (draft 2020-12) for the payload of one event type. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * One entry of the catalog: what a type's payload looks like and what is counted of it.
 * Everything after validation is generic; nothing but an entry knows its type.
 */
export interface EventType {
  readonly name: string;
  /** One sentence for the API documentation. */
  readonly description: string;
  readonly schema: JsonSchema;
  /** Top-level payload fields to group by (string, number or boolean). */
  readonly dimensions: readonly string[];
  /** Top-level numeric payload fields to aggregate. */
  readonly measures: readonly string[];
  /** What an event of this type tells about the session it belongs to. */
  readonly session?: SessionFacts;
  /** Of an organization's own type: what it is told apart by from what it was before. Absent: built in. */
  readonly revision?: number;
}

/** Names the payload fields from which a session takes more than its first and last instant. */
export interface SessionFacts {
  /** Field with whole seconds to add to the session's talked time. */
  readonly talkedTime?: string;
  /** Field with the device the session runs on. */
  readonly device?: string;
  /** True when an event of this type ends its session. */
  readonly ends?: true;
}
