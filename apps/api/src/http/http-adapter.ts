import { FastifyAdapter } from '@nestjs/platform-fastify';
import { MAX_BODY_BYTES } from './body-limits.js';
import { answerClientError, answerRouterError } from './client-errors.js';

/** Milliseconds a client has for its whole request; Fastify has no limit by default. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 60_000;
/** Milliseconds a client has for its headers, at most 16 KiB. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often Node checks both timeouts; its default is 30 s. */
const CHECKING_INTERVAL_MS = 2_000;

/**
 * Fastify with the API's limits and error handlers.
 * @param proxies whose `X-Forwarded-For` is trusted: addresses and subnets, as in `TRUST_PROXY`
 */
export const httpAdapter = (proxies: readonly string[] = []) =>
  new FastifyAdapter({
    trustProxy: proxies.length > 0 && [...proxies],
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CHECKING_INTERVAL_MS },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerRouterError,
    // Paths may contain session ids: 256 characters, each up to twelve bytes when percent-encoded.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 3072 },
    // `refuseWhileClosing` answers instead.
    return503OnClosing: false,
    // Idle keep-alive connections must not delay the shutdown.
    forceCloseConnections: 'idle',
  });
