import type { JsonSchema, RawEvent } from '#catalog';
import type { Answer } from '../../http/answer.js';
import type { Problem } from '../../http/problem.js';
import type { RefusedEvent } from '../decode/refused-event.js';
import type { IngestRequest } from './ingest-request.js';

/** One rejected event, as in the API contract. */
export interface Rejection {
  readonly index: number;
  readonly code: string;
  /** JSON pointer into the client's own event, e.g. `/payload/status`. */
  readonly path: string;
  readonly message: string;
}

/** The outcome of a request, from which the answer is rendered. */
export interface IngestOutcome {
  /** Null when the request contained no event, and its dialect accepts that. */
  readonly batchId: string | null;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** The body of an answer, for the API documentation and its `Content-Type`. */
export interface AnswerBody {
  /** Absent: JSON. */
  readonly contentType?: string;
  /** JSON Schema of the body; absent: no body. */
  readonly schema?: JsonSchema;
}

/** How a dialect answers when at least one event was accepted. */
export interface SuccessAnswer extends AnswerBody {
  readonly status: number;
  /** One sentence for the API documentation. */
  readonly description: string;
  /**
   * Renders the body, and anything that differs from the declaration above. Absent: no body.
   * @param candidates what `decode` returned, in its order
   */
  render?(
    outcome: IngestOutcome,
    candidates: readonly (RawEvent | RefusedEvent)[],
    request: IngestRequest,
  ): Partial<Answer>;
}

/** A request as known when it is refused, possibly before its body was read. */
export type RefusedRequest = Pick<IngestRequest, 'contentType' | 'params' | 'query' | 'headers'>;

/**
 * How a dialect answers problems: a bad request (400, 413, 415, 422), a bad credential (401, 403), the rate limit
 * (429), overload and outages (503), bugs (500).
 */
export interface RefusalAnswer extends AnswerBody {
  /**
   * Renders the body, and anything that differs from the status and headers of the problem (`Retry-After`,
   * `WWW-Authenticate`). Pure; must not throw.
   */
  render(problem: Problem, request: RefusedRequest): Partial<Answer>;
}

/** Default `Content-Type` of an answer. */
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
