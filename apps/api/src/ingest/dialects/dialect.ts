import type { JsonSchema, RawEvent } from '#catalog';
import type { RefusedEvent } from '../decode/refused-event.js';

/** What a dialect sees of a request. Decompression is done; nothing is parsed yet. */
export interface IngestRequest {
  readonly body: Buffer;
  /** Media type without parameters, lower case. */
  readonly contentType: string;
  /** Path parameters, e.g. `id` of `/sessions/:id`. */
  readonly params: Readonly<Record<string, string>>;
  /** The instant of receipt, milliseconds since the epoch. */
  readonly now: number;
  /** Most events one request may hold; a dialect stops decoding (413) as soon as it sees more. */
  readonly maxEvents: number;
}

/** One event that cannot be taken, in the words of the contract. */
export interface Rejection {
  readonly index: number;
  readonly code: string;
  /** JSON pointer into the client's own event, e.g. `/payload/status`. */
  readonly path: string;
  readonly message: string;
}

/** What became of a request, given to the answer. */
export interface IngestOutcome {
  readonly batchId: string;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** How a dialect answers when at least one event was taken. */
export interface IngestAnswer {
  readonly status: number;
  /** One sentence for the API documentation. */
  readonly description: string;
  /** JSON Schema of what `bodyOf` returns, for the API documentation. */
  readonly schema: JsonSchema;
  bodyOf(outcome: IngestOutcome, candidates: readonly (RawEvent | RefusedEvent)[]): object;
}

export type IngestLimit = 'single' | 'batch';

/**
 * A dialect: one path with its bytes → events mapping. Pure; the clock comes with the request.
 * A new dialect is one file exporting one of these and one line in `dialects.ts`.
 */
export interface Dialect {
  readonly method: 'POST' | 'PUT';
  /** Absolute path, e.g. `/v1/events`; Nest parameter syntax. */
  readonly path: string;
  /** One sentence for the API documentation, in plain text. */
  readonly summary: string;
  /** More of it, in Markdown. */
  readonly description?: string;
  /** JSON Schema of the request body, for the API documentation. */
  readonly bodySchema: JsonSchema;
  /** A body that is taken, for the API documentation. */
  readonly example: unknown;
  /** The call makes sense without a body. */
  readonly bodyOptional?: true;
  /** Which rate limit the call counts against, or how that is told before anything is parsed. */
  readonly limit: IngestLimit | ((request: Pick<IngestRequest, 'body' | 'contentType'>) => IngestLimit);
  /** Media types beyond `application/json`. */
  readonly mediaTypes?: readonly string[];
  /**
   * @returns candidates in the client's order, once; best made only as they are asked for
   * @throws Problem when the body as a whole is unusable, perhaps only when a candidate is asked for
   */
  decode(request: IngestRequest): Iterable<RawEvent | RefusedEvent>;
  /**
   * Maps a JSON pointer into the native event (`/payload/status`, `/user_id`) to the one into the
   * client's own event (`/status`). Absent: the same.
   * @param event the candidate that `decode` returned, the very object
   */
  clientPath?(pointer: string, event: RawEvent): string;
  /** Takes only the types that the organization allows, when it says which. */
  readonly restrictable?: true;
  /** 'all' refuses the request with 422 when any event is bad; absent: good events are taken. */
  readonly acceptance?: 'all';
  /** Absent: `nativeAnswer`. */
  readonly answer?: IngestAnswer;
}
