import type { FastifyRequest } from 'fastify';
import type { Decoders } from './decompress.js';

/** Which bodies a route accepts. */
export interface BodyRules {
  /** @param mediaType lower case, without parameters; empty when the request names none */
  accepts(mediaType: string): boolean;
  /** The accepted types in words: `application/json or application/x-ndjson`. */
  readonly expected: string;
  /** Content encodings beyond gzip, deflate and br. */
  readonly decoders?: Decoders | undefined;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: JSON. */
    readonly body?: BodyRules | undefined;
  }
}

const JSON_TYPE = 'application/json';
const JSON_BODY: BodyRules = { accepts: (mediaType) => mediaType === JSON_TYPE, expected: JSON_TYPE };

export const bodyRulesOf = (request: FastifyRequest): BodyRules =>
  request.routeOptions.config?.body ?? JSON_BODY;

/** The media type in a `Content-Type`: lower case, without parameters; empty when there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  // The fast path for nearly every client.
  if (contentType === undefined || contentType === JSON_TYPE) return contentType ?? '';
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}

/** Whether the headers of a request announce a body. */
export const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
