import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';

const apply = helmet({
  contentSecurityPolicy: {
    // Helmet's defaults upgrade scripts to HTTPS, which a local server does not have.
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      // The pages at /docs and /queues load scripts from files but have some inline styles.
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
  // Only obsolete browsers read these.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** Security headers of every response. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = renderHeaders();

/** Runs helmet once. Its Fastify plugin runs it per response, which costs three times as much. */
function renderHeaders(): Record<string, string> {
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

/** Adds the headers to every response, errors and pages included. */
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
