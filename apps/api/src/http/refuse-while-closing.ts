import { finished } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { unavailable } from './problem.js';

/**
 * Answers requests that still come in over open connections while the process ends, and closes these; Fastify would
 * answer in words of its own. The body is read to its end first: of a connection that is closed with unread bytes in
 * it the answer is lost.
 */
export function refuseWhileClosing(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  let isClosing = false;
  fastify.addHook('preClose', (done: () => void) => {
    isClosing = true;
    done();
  });
  fastify.addHook('onRequest', ({ raw }, reply, done) => {
    if (!isClosing) {
      done();
      return;
    }
    reply.raw.shouldKeepAlive = false;
    finished(raw, { writable: false }, () =>
      done(unavailable('shutting_down', 'This server is about to end')),
    );
    raw.resume();
  });
}
