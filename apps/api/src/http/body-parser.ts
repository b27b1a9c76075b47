import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import {
  limitUnknownCaller,
  MAX_BODY_BYTES,
  MAX_UNKNOWN_CALLER_BYTES,
  tooLargeForUnknownCaller,
} from './body-limits.js';
import { bodyRulesOf, hasBody, mediaTypeOf } from './body-rules.js';
import { decompress } from './decompress.js';
import { Problem } from './problem.js';

/** Fastify reads no body of these. */
const BODYLESS = new Set(['GET', 'HEAD']);

/**
 * Passes each accepted body to its route as decompressed bytes. Each route parses it itself, with its own
 * errors. Must be registered after authentication: the body of an unknown caller is read under a low limit.
 */
export function registerBodyParser(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const refusal = refusalOf(request);
    if (refusal) done(refusal);
    else if (request.principal || !hasBody(request)) done(null, payload);
    else done(null, limitUnknownCaller(payload));
  });
  fastify.addContentTypeParser(
    // Fastify caches the parser of a named type, but looks `*` up each time.
    ['application/json', '*'],
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, body, done) => {
      if (!request.headers['content-encoding']) {
        done(null, body);
        return;
      }
      decoded(request, body as Buffer).then(
        (bytes) => done(null, bytes),
        (error) => done(error as Error),
      );
    },
  );
}

/** Refuses a body before a byte of it is read, by its media type or its declared length. */
function refusalOf(request: FastifyRequest): Problem | undefined {
  const { headers, method, principal } = request;
  const contentType = headers['content-type'];
  if (contentType === undefined && !hasBody(request)) return undefined;
  if (BODYLESS.has(method) || request.is404) return undefined;
  const rules = bodyRulesOf(request);
  if (!rules.accepts(mediaTypeOf(contentType))) {
    return new Problem(415, 'unsupported_media_type', `Content-Type must be ${rules.expected}`);
  }
  return !principal && Number(headers['content-length']) > MAX_UNKNOWN_CALLER_BYTES
    ? tooLargeForUnknownCaller()
    : undefined;
}

const decoded = (request: FastifyRequest, body: Buffer): Promise<Buffer> =>
  decompress(
    body,
    request.headers['content-encoding'],
    request.principal ? MAX_BODY_BYTES : MAX_UNKNOWN_CALLER_BYTES,
    bodyRulesOf(request).decoders,
  );
