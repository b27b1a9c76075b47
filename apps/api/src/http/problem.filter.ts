import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { failureKind } from '#database';
import { problemAnswer, sendAnswer } from './answer.js';
import { DependencyUnavailable } from './dependency-unavailable.js';
import { discardRest } from './discard-rest.js';
import { Problem, unavailable } from './problem.js';
import { RefusalCounter } from './refusal-counter.js';

/** Code and detail of the framework's own refusals by status, the only thing Nest preserves. */
const FRAMEWORK_PROBLEMS: Readonly<Record<number, readonly [code: string, detail?: string]>> = {
  403: ['forbidden'],
  405: ['method_not_allowed'],
  408: ['request_timeout', 'The request was not received in time'],
  413: ['body_too_large', 'The body is over 5 MiB'],
  415: ['unsupported_media_type', 'The Content-Type is not a media type'],
};

/**
 * Answers every error in the format of the route; errors caused by bugs appear in the log only. Handles the
 * errors of hooks, body parser, guards and handlers alike.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly refusals: RefusalCounter) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const problem = this.problemOf(error, request);
    // When a stream breaks half-way, the status and part of the body are already sent.
    if (reply.sent) return;
    if (request.body === undefined) discardRest(request, reply);
    const counting = this.refusals.countRefused(request, reply);
    const render = request.routeOptions.config?.renderProblem ?? problemAnswer;
    const send = () => sendAnswer(reply, render(problem, request));
    if (counting) void counting.then(send, send);
    else send();
  }

  private problemOf(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof DependencyUnavailable) {
      this.logger.warn(`${error.code}: ${error.message}`);
      return unavailable(error.code, error.detail);
    }
    if (isOutage(error)) {
      this.logger.warn(`database_unavailable: ${(error as Error).message}`);
      return unavailable('database_unavailable', 'The database is not responding');
    }
    const status = statusOf(error);
    if (status === 404)
      return new Problem(404, 'not_found', `No such route: ${request.method} ${request.url.split('?')[0]}`);
    if (status >= 400 && status < 500) {
      const [code, detail] = FRAMEWORK_PROBLEMS[status] ?? ['bad_request'];
      return new Problem(status, code, detail ?? (error as Error).message);
    }
    this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return new Problem(500, 'internal_error', 'The server failed to process the request');
  }
}

/** An error with a status is an HTTP error, even if a broken database connection has the same code. */
const isOutage = (error: unknown) =>
  error instanceof Error &&
  !('status' in error || 'statusCode' in error) &&
  failureKind(error) === 'transient';

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  return (error as { statusCode?: number } | undefined)?.statusCode ?? 500;
}
