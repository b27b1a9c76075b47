import type { JsonSchema, RawEvent } from '#catalog';
import type { Answer } from '../../http/answer.js';
import type { Problem } from '../../http/problem.js';
import type { RefusedEvent } from '../decode/refused-event.js';
import type { IngestRequest } from './ingest-request.js';

/** One event that is not accepted, in the words of the contract. */
export interface Rejection {
  readonly index: number;
  readonly code: string;
  /** JSON pointer into the client's own event, e.g. `/payload/status`. */
  readonly path: string;
  readonly message: string;
}

/** What became of a request, given to the answer. */
export interface IngestOutcome {
  /** Null when the request held no event, and its dialect accepts that. */
  readonly batchId: string | null;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** The body of an answer, for the API documentation and its `Content-Type`. */
export interface AnswerBody {
  /** Absent: JSON. */
  readonly contentType?: string;
  /** JSON Schema of the body; absent: there is none. */
  readonly schema?: JsonSchema;
}

/** How a dialect answers when at least one event was accepted. */
export interface SuccessAnswer extends AnswerBody {
  readonly status: number;
  /** One sentence for the API documentation. */
  readonly description: string;
  /**
   * The body, and whatever differs from what is declared above. Absent: no body.
   * @param candidates what `decode` returned, in its order
   */
  render?(
    outcome: IngestOutcome,
    candidates: readonly (RawEvent | RefusedEvent)[],
    request: IngestRequest,
  ): Partial<Answer>;
}

/** What is known of a request that may have been refused before its body was read. */
export type RefusedRequest = Pick<IngestRequest, 'contentType' | 'params' | 'query' | 'headers'>;

/**
 * How a dialect answers problems: a bad request (400, 413, 415, 422), a bad credential (401, 403), the rate limit
 * (429), overload and outages (503), bugs (500).
 */
export interface RefusalAnswer extends AnswerBody {
  /**
   * The body, and whatever differs from the problem's status and headers (`Retry-After`, `WWW-Authenticate`). Pure; it
   * must not throw.
   */
  render(problem: Problem, request: RefusedRequest): Partial<Answer>;
}

/** `Content-Type` of an answer that does not say. */
export const JSON_TEXT = 'application/json; charset=utf-8';

/** A JSON body. */
export const json = (value: object): Partial<Answer> => ({ body: JSON.stringify(value) });

export function successAnswer(
  { status, contentType = JSON_TEXT, render }: SuccessAnswer,
  outcome: IngestOutcome,
  candidates: readonly (RawEvent | RefusedEvent)[],
  request: IngestRequest,
): Answer {
  if (!render) return { status };
  const own = render(outcome, candidates, request);
  return {
    status: own.status ?? status,
    contentType: own.contentType ?? contentType,
    headers: own.headers,
    body: own.body,
  };
}

export function refusalAnswer(
  { contentType = JSON_TEXT, render }: RefusalAnswer,
  problem: Problem,
  request: RefusedRequest,
): Answer {
  const { headers, ...rendered } = render(problem, request);
  return { status: problem.status, contentType, ...rendered, headers: { ...problem.headers, ...headers } };
}
