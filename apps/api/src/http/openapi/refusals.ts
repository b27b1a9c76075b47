import { ApiResponse } from '@nestjs/swagger';

const retryAfter = {
  'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
};

interface Refusal {
  readonly description: string;
  readonly headers?: object;
}

/** What each status means wherever nothing else is said of it. */
const REFUSALS = {
  400: { description: 'What was sent is not valid; `errors` says where.' },
  401: {
    description: 'There is no API key or token, or it is not valid.',
    headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
  },
  403: { description: 'The API key or token does not have the permission.' },
  404: { description: "There is no such thing in the caller's organization." },
  409: { description: 'It contradicts what is there already.' },
  413: { description: 'The body is too large, or holds too many events.' },
  415: { description: 'The body has a media type or an encoding that is not taken.' },
  422: { description: 'No event was taken, because those in `errors` are not valid.' },
  429: {
    description:
      'The organization has made as many requests as it may; `Retry-After` says when it may again.',
    headers: retryAfter,
  },
  501: { description: 'This installation is not set up for it.' },
  503: {
    description:
      'What the server depends on does not answer; nothing was done. `Retry-After` says when to try again.',
    headers: retryAfter,
  },
} as const satisfies Readonly<Record<number, Refusal>>;

export type RefusalStatus = keyof typeof REFUSALS;

/** What OpenAPI says of a problem document with this status. */
export const refusal = (status: RefusalStatus, description?: string) => ({
  ...REFUSALS[status],
  ...(description && { description }),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** A refusal of a route that does not follow from who may call it and what it reads. */
export const Refuses = (status: RefusalStatus, description?: string) =>
  ApiResponse({ status, ...refusal(status, description) });
