/** A JSON Schema (draft 2020-12) for the payload of one event type. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * One entry of the catalog: the payload's schema, and which of its fields are counted. All code after validation
 * is generic; only the entry knows the type.
 */
export interface EventType {
  readonly name: string;
  /** Name of its view in SQL; absent: the name of the type with an s. */
  readonly view?: string;
  /** One sentence for the API documentation. */
  readonly description: string;
  readonly schema: JsonSchema;
  /** Top-level payload fields to group by (string, number or boolean). */
  readonly dimensions: readonly string[];
  /** Top-level numeric payload fields to aggregate. */
  readonly measures: readonly string[];
  /** Payload fields that describe the event's session. */
  readonly session?: SessionFacts;
  /** Version of an organization's own type, raised by each change. Absent: built in. */
  readonly revision?: number;
}

/** Payload fields that describe a session beyond its first and last instant. */
export interface SessionFacts {
  /** Field with whole seconds that are added to the session's talked time. */
  readonly talkedTime?: string;
  /** Field with the device the session runs on. */
  readonly device?: string;
  /** True when an event of this type ends its session. */
  readonly ends?: true;
}
