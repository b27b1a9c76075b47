import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { decompress, MAX_BODY_BYTES } from './decompress.js';

const MEDIA_TYPES = ['application/json', 'application/x-ndjson'];

/** Passes every body to its route as decompressed bytes. Each route parses its own, with its own errors. */
export function registerBodyParser(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    MEDIA_TYPES,
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, body, done) => {
      const encoding = request.headers['content-encoding'];
      if (!encoding) {
        done(null, body);
        return;
      }
      decompress(body as Buffer, encoding).then(
        (bytes) => done(null, bytes),
        (error) => done(error as Error),
      );
    },
  );
}
