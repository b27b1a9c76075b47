import type { FastifyRequest } from 'fastify';
import { CALLER_SCHEMES, type SecuritySchemes } from '../http/openapi/security-schemes.js';

/** Where in a request an API key or token may be. */
export interface CredentialPlace {
  /** Ends the hint for a caller without one: "Send an API key …". */
  readonly hint: string;
  /** `WWW-Authenticate` of the 401. */
  readonly challenge?: string;
  /** For OpenAPI; empty when it has no scheme for such a place. */
  readonly schemes: SecuritySchemes;
  /** The body must be read before the caller is known. */
  readonly inBody?: true;
  /** The credential as it was sent, unchecked. */
  find(request: FastifyRequest): string | undefined;
}

const EITHER = 'An API key or a token';

/** `X-API-Key: <key>`, or `Authorization: Bearer <key or token>`: the default of every route. */
export const nativeCredential: CredentialPlace = {
  hint: 'as X-API-Key, or an API key or a JSON Web Token as Bearer token',
  schemes: CALLER_SCHEMES,
  find({ headers }) {
    const key = headers['x-api-key'];
    // An empty header is usually an unset variable of the client: fall back to Authorization.
    if (typeof key === 'string' && key !== '') return key;
    return afterScheme(headers.authorization, 'bearer');
  },
};

/** A custom header that contains only the key. */
export const headerCredential = (name: string): CredentialPlace => ({
  hint: `as ${name}`,
  schemes: { [name.toLowerCase()]: { type: 'apiKey', in: 'header', name, description: EITHER } },
  find: ({ headers }) => textOf(headers[name.toLowerCase()]),
});

/** `Authorization: <scheme> <key>`. */
export const schemeCredential = (scheme: string): CredentialPlace => ({
  hint: `in the header Authorization: ${scheme} <key>`,
  challenge: `${scheme} realm="millrace"`,
  schemes: {
    [`authorization-${scheme.toLowerCase()}`]: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: `\`${scheme} <API key or token>\``,
    },
  },
  find: ({ headers }) => afterScheme(headers.authorization, scheme.toLowerCase()),
});

/** HTTP Basic, with the key as user name or password; the other part is ignored. */
export const basicCredential = (part: 'username' | 'password'): CredentialPlace => ({
  hint: `as ${part} of HTTP Basic`,
  challenge: 'Basic realm="millrace", charset="UTF-8"',
  schemes: { [`basic-${part}`]: { type: 'http', scheme: 'basic', description: `${EITHER} as ${part}` } },
  find({ headers }) {
    const encoded = afterScheme(headers.authorization, 'basic');
    if (encoded === undefined) return undefined;
    const pair = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon < 0) return undefined;
    return textOf(part === 'username' ? pair.slice(0, colon) : pair.slice(colon + 1));
  },
});

/** A query parameter. */
export const queryCredential = (name: string): CredentialPlace => ({
  hint: `as query parameter ${name}`,
  schemes: { [`query-${name}`]: { type: 'apiKey', in: 'query', name, description: EITHER } },
  find: ({ query }) => textOf((query as Readonly<Record<string, unknown>>)[name]),
});

/**
 * A field of the body, for clients that send no other credential: the body is then read under a low limit
 * before the caller is known.
 * @param find must be cheap on any input, and not throw
 */
export const bodyCredential = (
  field: string,
  find: (body: Buffer) => string | undefined,
): CredentialPlace => ({
  hint: `in the body as ${field}`,
  schemes: {},
  inBody: true,
  find: ({ body }) => (Buffer.isBuffer(body) ? textOf(find(body)) : undefined),
});

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** What follows a scheme in `Authorization`; schemes are read in either case. */
function afterScheme(authorization: string | undefined, scheme: string): string | undefined {
  if (authorization === undefined || authorization[scheme.length] !== ' ') return undefined;
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  return textOf(authorization.slice(scheme.length + 1).trim());
}
