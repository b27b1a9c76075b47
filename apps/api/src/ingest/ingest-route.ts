import type { FastifyRequest } from 'fastify';
import { CredentialPlaces } from '../auth/credential-places.js';
import type { Answer } from '../http/answer.js';
import { type BodyRules, mediaTypeOf } from '../http/body-rules.js';
import type { Problem } from '../http/problem.js';
import type { Dialect, IngestMethod } from './dialects/dialect.js';
import { refusalAnswer, type SuccessAnswer } from './dialects/dialect-answer.js';
import type { IngestRequest } from './dialects/ingest-request.js';
import { nativeSuccess } from './dialects/native-success.js';

/** The parts of the request that a dialect reads. */
export type ReceivedRequest = Omit<IngestRequest, 'now' | 'maxEvents'>;

/** Values of the query parameters or headers that a dialect declares. */
type DeclaredValues = Readonly<Record<string, string | undefined>>;

const NO_BODY = Buffer.alloc(0);
const NO_VALUES: DeclaredValues = Object.freeze({});
const ALTERNATIVES = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const JSON_TYPE = /^application\/(json|x-ndjson|ndjson|jsonl|jsonlines)$/;

/** One route of a dialect, with everything derived from the dialect computed once instead of per request. */
export class IngestRoute {
  readonly bodyRules: BodyRules;
  /** Undefined: the default place. */
  readonly credentials: CredentialPlaces | undefined;
  readonly success: SuccessAnswer;
  readonly partialSuccess: SuccessAnswer;
  /** Undefined: a problem document. */
  readonly renderProblem: ((problem: Problem, request: FastifyRequest) => Answer) | undefined;
  /**
   * Every string of an event comes from JSON in the body, so scanning its bytes once rules out most faults.
   */
  readonly isJsonOnly: boolean;
  private readonly queryNames: readonly string[];
  private readonly headerNames: readonly string[];

  constructor(
    readonly dialect: Dialect,
    readonly method: IngestMethod,
    readonly path: string,
  ) {
    const { success = nativeSuccess, credentials, refusal } = dialect;
    this.bodyRules = bodyRulesOf(dialect);
    this.credentials = credentials && new CredentialPlaces(credentials);
    this.success = success;
    this.partialSuccess = dialect.partialSuccess ?? (success.render ? success : nativeSuccess);
    this.renderProblem =
      refusal && ((problem, request) => refusalAnswer(refusal, problem, this.received(request)));
    this.queryNames = Object.keys(dialect.query ?? {});
    this.headerNames = Object.keys(dialect.headers ?? {});
    const isInBody = this.queryNames.length + this.headerNames.length === 0 && !path.includes(':');
    const mediaTypes = Object.keys(dialect.bodies);
    this.isJsonOnly = isInBody && !dialect.accepts && mediaTypes.every((type) => JSON_TYPE.test(type));
  }

  received(request: FastifyRequest): ReceivedRequest {
    const { params, query, headers } = request;
    const { body, contentType } = receivedBody(request);
    return {
      body,
      contentType,
      params: params as Record<string, string>,
      query: declaredValues(this.queryNames, query as Record<string, unknown>),
      headers: declaredValues(this.headerNames, headers),
    };
  }
}

/** The body of a request; empty when it is not read yet. */
export const receivedBody = ({
  headers,
  body,
}: FastifyRequest): Pick<ReceivedRequest, 'body' | 'contentType'> => ({
  body: Buffer.isBuffer(body) ? body : NO_BODY,
  contentType: mediaTypeOf(headers['content-type']),
});

/** Every route of a dialect: each of its methods at each of its paths. */
export const routesOf = (dialect: Dialect): IngestRoute[] =>
  [dialect.method ?? 'POST']
    .flat()
    .flatMap((method) => [dialect.path].flat().map((path) => new IngestRoute(dialect, method, path)));

function bodyRulesOf({ bodies, accepts, encodings }: Dialect): BodyRules {
  const mediaTypes = new Set(Object.keys(bodies));
  return {
    accepts: accepts ?? ((mediaType) => mediaTypes.has(mediaType)),
    expected: ALTERNATIVES.format(mediaTypes),
    decoders: encodings && new Map(Object.entries(encodings)),
  };
}

/** The first value of a repeated query parameter; Node joins repeated headers. */
function declaredValues(names: readonly string[], source: Readonly<Record<string, unknown>>): DeclaredValues {
  if (names.length === 0) return NO_VALUES;
  const values: Record<string, string | undefined> = {};
  for (const name of names) {
    const value = Object.hasOwn(source, name) ? source[name] : undefined;
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string') values[name] = first;
  }
  return values;
}
