import { ApiResponse } from '@nestjs/swagger';

const retryAfter = {
  'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
};

interface Refusal {
  readonly description: string;
  readonly headers?: object;
}

/** Default description of each error status. */
const REFUSALS = {
  400: { description: 'The request is invalid; `errors` lists the faults.' },
  401: {
    description: 'The API key or token is missing or invalid.',
    headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
  },
  403: { description: 'The API key or token lacks the permission.' },
  404: { description: "Not found in the caller's organization." },
  409: { description: 'Conflicts with existing data.' },
  410: { description: 'Gone.' },
  413: { description: 'The body is too large or contains too many events.' },
  415: { description: 'The media type or content encoding of the body is not supported.' },
  422: { description: 'No event was accepted, because those in `errors` are invalid.' },
  429: {
    description: 'The organization reached its rate limit; `Retry-After` says when to retry.',
    headers: retryAfter,
  },
  501: { description: 'This server is not configured for it.' },
  503: {
    description:
      'A dependency of the server is not responding; nothing was changed. `Retry-After` says when to retry.',
    headers: retryAfter,
  },
} as const satisfies Readonly<Record<number, Refusal>>;

export type RefusalStatus = keyof typeof REFUSALS;

/** OpenAPI response of a problem document with this status. */
export const refusal = (status: RefusalStatus, description?: string) => ({
  ...REFUSALS[status],
  ...(description && { description }),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** Documents an error response that does not follow from the route's access and parameters. */
export const Refuses = (status: RefusalStatus, description?: string) =>
  ApiResponse({ status, ...refusal(status, description) });
