import { finished } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { unavailable } from './problem.js';

/**
 * Answers 503 on open connections while the process shuts down, with a problem document instead of Fastify's own
 * answer, and closes them. Reads the body first: closing a connection with unread bytes loses the response.
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
      done(unavailable('shutting_down', 'This server is shutting down')),
    );
    raw.resume();
  });
}
