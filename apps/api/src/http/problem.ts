import { STATUS_CODES } from 'node:http';

/** One fault of a request and where it is. */
export interface ProblemError {
  /** Position of the event in the request, from 0. */
  readonly index?: number;
  readonly code?: string;
  /** Field, parameter or JSON pointer. */
  readonly path: string;
  readonly message: string;
}

/** An error that becomes an RFC 9457 problem document. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors?: readonly ProblemError[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

/**
 * 401, with the header that names the scheme.
 * @param challenge value of `WWW-Authenticate`
 */
export const unauthorized = (detail: string, challenge = 'Bearer realm="millrace"') =>
  new Problem(401, 'unauthorized', detail, undefined, { 'www-authenticate': challenge });

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 2;

/** 503: a dependency is not responding, and the same request may succeed soon. */
export const unavailable = (code: string, detail: string) =>
  new Problem(503, code, detail, undefined, { 'retry-after': String(RETRY_AFTER_SECONDS) });

/** The RFC 9457 document: `type`, `title`, `status`, `detail`, `code` and, where it applies, `errors`. */
export const problemDocument = ({ status, code, message, errors }: Problem): object => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail: message,
  code,
  ...(errors ? { errors } : {}),
});
