import { NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { hasBody } from '../http/body-rules.js';
import { AccessGuard } from './access.guard.js';
import { credentialPlacesOf } from './credential-places.js';

/**
 * Authenticates a caller before the body is read or decompressed, and refuses a body sent to an unknown path. Where
 * the credential may be in the body, or a public route takes one, it is read first, under the limit for unknown callers.
 * @param exemptPath prefix of routes that authenticate by themselves
 */
export function authenticateBeforeBody(app: NestFastifyApplication, exemptPath: string): void {
  const guard = app.get(AccessGuard, { strict: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preParsing', (request, _reply, payload, done) => {
      if (!hasBody(request)) {
        done(null, payload);
        return;
      }
      const { url, config } = request.routeOptions;
      if (url === undefined) {
        done(new NotFoundException());
        return;
      }
      const places = credentialPlacesOf(config);
      const isInBody = places.inBody && places.find(request) === undefined;
      if (isInBody || config.isBodyPublic || url.startsWith(exemptPath)) {
        done(null, payload);
        return;
      }
      try {
        const caller = guard.identify(request, places);
        if (caller instanceof Promise) caller.then(() => done(null, payload), done);
        else done(null, payload);
      } catch (error) {
        done(error as Error);
      }
    });
}
