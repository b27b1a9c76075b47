import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueueUnavailable } from '../ingest/batch-queue.js';
import { IngestProblem } from '../ingest/ingest-format.js';
import { Problem, problemDocument } from './problem.js';

/** Fastify's own errors, in our words. */
const FASTIFY_PROBLEMS: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'unsupported_media_type',
    'Content-Type must be application/json or application/x-ndjson',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body_too_large', 'The body is over 5 MiB'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'malformed_request',
    'The body is shorter or longer than Content-Length says',
  ],
};

/** Turns whatever was thrown into a problem document; what we did not foresee is logged and kept inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const problem = this.problemOf(error, request);
    void reply
      .status(problem.status)
      .headers(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(problem.status, problem.code, problem.message, problem.errors)));
  }

  private problemOf(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof IngestProblem) return new Problem(error.status, error.code, error.message);
    if (error instanceof QueueUnavailable) {
      this.logger.warn(`queue unavailable: ${error.message}`);
      return queueUnavailable();
    }
    const known = FASTIFY_PROBLEMS[(error as { code?: string }).code ?? ''];
    if (known) return new Problem(...known);
    const status =
      error instanceof HttpException
        ? error.getStatus()
        : ((error as { statusCode?: number }).statusCode ?? 500);
    if (status === 404)
      return new Problem(404, 'not_found', `There is no ${request.method} ${request.url.split('?')[0]}`);
    if (status >= 400 && status < 500) return new Problem(status, 'bad_request', (error as Error).message);
    this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return new Problem(500, 'internal_error', 'Something went wrong on our side');
  }
}

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 2;

export const queueUnavailable = () =>
  new Problem(
    503,
    'queue_unavailable',
    'Events cannot be taken at the moment; none of these were',
    undefined,
    {
      'retry-after': String(RETRY_AFTER_SECONDS),
    },
  );
