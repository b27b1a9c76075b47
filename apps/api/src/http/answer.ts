import type { FastifyReply } from 'fastify';
import { type Problem, problemDocument } from './problem.js';

/** An answer as sent to the client. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `Content-Type` of the body. */
  readonly contentType?: string | undefined;
  /** Absent: no body. */
  readonly body?: string | Buffer | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Renders a problem for the clients of the route; absent: `problemAnswer`. Must not throw. */
    readonly renderProblem?: ((problem: Problem, request: FastifyRequest) => Answer) | undefined;
  }
}

/** A problem document (RFC 9457). */
export const problemAnswer = (problem: Problem): Answer => ({
  status: problem.status,
  headers: problem.headers,
  contentType: 'application/problem+json',
  body: JSON.stringify(problemDocument(problem)),
});

export function sendAnswer(reply: FastifyReply, { status, headers, contentType, body }: Answer): void {
  reply.status(status);
  if (headers) reply.headers(headers);
  if (contentType) reply.type(contentType);
  void reply.send(body);
}
