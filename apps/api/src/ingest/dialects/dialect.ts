import type { JsonSchema, RawEvent } from '#catalog';
import type { CredentialPlace } from '../../auth/credential-place.js';
import type { ContentDecoder } from '../../http/decompress.js';
import type { RefusedEvent } from '../decode/refused-event.js';
import type { RefusalAnswer, SuccessAnswer } from './dialect-answer.js';
import type { IngestRequest } from './ingest-request.js';

export type IngestMethod = 'POST' | 'PUT';
export type IngestLimit = 'single' | 'batch';

/** A body of one media type, for the API documentation. */
export interface DocumentedBody {
  readonly schema: JsonSchema;
  /** A body that is accepted. */
  readonly example: unknown;
}

/** A query parameter or header, for the API documentation. */
export interface DocumentedParameter {
  /** In Markdown. */
  readonly description: string;
  /** Absent: a string. */
  readonly schema?: JsonSchema;
  readonly example?: string;
  readonly required?: true;
}

/**
 * A dialect: the routes that one kind of client calls, and how their bytes become events. Pure; the clock comes with
 * the request. What a dialect does not say is as in the native API. A new dialect is one file that exports one of
 * these, and one line in `dialects.ts`.
 */
export interface Dialect {
  /** Absent: POST. */
  readonly method?: IngestMethod | readonly IngestMethod[];
  /** Absolute, e.g. `/v1/events`; Nest parameter syntax. */
  readonly path: string | readonly string[];
  /** One sentence for the API documentation, in plain text. */
  readonly summary: string;
  /** Details in Markdown. */
  readonly description?: string;
  /** Bodies by media type, in lower case. */
  readonly bodies: Readonly<Record<string, DocumentedBody>>;
  /** Whether a media type is accepted, the empty one of a body without any included. Absent: those in `bodies`. */
  accepts?(mediaType: string): boolean;
  /** The call makes sense without a body. */
  readonly bodyOptional?: true;
  /** Content encodings beyond gzip, deflate and br, by name in lower case. */
  readonly encodings?: Readonly<Record<string, ContentDecoder>>;
  /** Places of the credential, in order of preference. Absent: `nativeCredential`. */
  readonly credentials?: readonly CredentialPlace[];
  /** Query parameters that `decode` reads. */
  readonly query?: Readonly<Record<string, DocumentedParameter>>;
  /** Headers that `decode` reads, by name in lower case. */
  readonly headers?: Readonly<Record<string, DocumentedParameter>>;
  /** Which rate limit a call counts against, or a function that decides it before anything is parsed. */
  readonly limit: IngestLimit | ((request: Pick<IngestRequest, 'body' | 'contentType'>) => IngestLimit);
  /**
   * @returns candidates in the client's order, to be iterated once; preferably a generator
   * @throws Problem when the body as a whole is unusable, possibly during the iteration
   */
  decode(request: IngestRequest): Iterable<RawEvent | RefusedEvent>;
  /**
   * Maps a JSON pointer into the native event (`/payload/status`, `/user_id`) to the one into the client's own event
   * (`/status`). Absent: the same.
   * @param event the candidate that `decode` returned, the same object
   */
  clientPath?(pointer: string, event: RawEvent): string;
  /** Accepts only the types in `allowed_event_types` of the organization, if set. */
  readonly restrictable?: true;
  /** 'all' refuses the request with 422 when any event is invalid; absent: valid events are accepted. */
  readonly acceptance?: 'all';
  /** Absent: `nativeSuccess`. */
  readonly success?: SuccessAnswer;
  /**
   * When some events were accepted and others were not. Absent: as `success`, or as `nativeSuccess` if that has no body
   * to list the others in.
   */
  readonly partialSuccess?: SuccessAnswer;
  /** Absent: problem documents. */
  readonly refusal?: RefusalAnswer;
}
