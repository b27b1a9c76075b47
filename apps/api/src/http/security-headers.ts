import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';

const apply = helmet({
  contentSecurityPolicy: {
    // Without helmet's own, which would have browsers ask for the pages' scripts over TLS that may not be there.
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      // The pages at /docs and /queues: their scripts are files, some of their styles are not.
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  // For browsers that are no more.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** What every answer says to browsers. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = written();

/** Asks helmet once: for each answer again, as its plugin for Fastify does, it is three times as dear. */
function written(): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {},
  };
  apply({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error) throw error;
  });
  return headers;
}

/** Puts the headers on every answer, errors and pages too. */
export function addSecurityHeaders(app: NestFastifyApplication): void {
  const headers = Object.entries(SECURITY_HEADERS);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, { raw }, done) => {
      for (const [name, value] of headers) raw.setHeader(name, value);
      done();
    });
}
