import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';

/** Characters of the hash in a tag: 132 bits. */
const TAG_LENGTH = 22;
const WEAK = /^W\//;

interface RenderedAnswer {
  readonly text: string;
  readonly tag: string;
}

function render(body: object): RenderedAnswer {
  const text = JSON.stringify(body);
  return { text, tag: entityTag(text) };
}

/** The `ETag` of a body. */
export const entityTag = (body: string | Buffer): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, TAG_LENGTH)}"`;

/** Gives JSON answers an `ETag`, and answers 304 when the client has the same one (RFC 9110, 13.1.2). */
class EntityTagInterceptor implements NestInterceptor {
  /** Several callers may get the same answer. */
  private readonly rendered = new WeakMap<object, RenderedAnswer>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((body: object) => this.tagged(body, request, reply)));
  }

  private tagged(body: object, request: FastifyRequest, reply: FastifyReply): string | undefined {
    const { text, tag } = this.rendered.get(body) ?? render(body);
    this.rendered.set(body, { text, tag });
    // A cache may keep the answer, but has to ask each time whether it is still right.
    reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
    if (isKnown(request.headers['if-none-match'], tag)) {
      reply.status(304);
      return undefined;
    }
    reply.type('application/json; charset=utf-8');
    return text;
  }
}

/** Whether `If-None-Match` names a tag. */
export const isKnown = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(WEAK, '') === tag);

/** The answer has an `ETag`; with a matching `If-None-Match` it is an empty 304. */
export const EntityTag = () =>
  applyDecorators(
    UseInterceptors(EntityTagInterceptor),
    ApiResponse({ status: 304, description: 'The answer is the one that `If-None-Match` names.' }),
  );
