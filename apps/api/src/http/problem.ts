/** One fault of a request, with the place of it. */
export interface ProblemError {
  readonly index?: number;
  readonly code?: string;
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

/** The caller is not known; says how to become so. */
export const unauthorized = (detail: string) =>
  new Problem(401, 'unauthorized', detail, undefined, { 'www-authenticate': 'Bearer realm="millrace"' });

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** The document (RFC 9457): `type`, `title`, `status`, `detail`, `code` and, where it applies, `errors`. */
export function problemDocument(
  status: number,
  code: string,
  detail: string,
  errors?: readonly ProblemError[],
): object {
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(errors ? { errors } : {}),
  };
}
