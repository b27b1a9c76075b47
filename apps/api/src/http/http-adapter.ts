import { FastifyAdapter } from '@nestjs/platform-fastify';
import { answerClientError, answerRouterError } from './client-errors.js';
import { MAX_BODY_BYTES } from './decompress.js';

/** Milliseconds a client has for its whole request; Fastify's default is for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 60_000;
/** For 16 KiB of headers; who sends them byte by byte only wants to hold the connection. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often connections are held against both; Node's default is half a minute. */
const CHECKING_INTERVAL_MS = 2_000;

/**
 * Fastify as the API runs it.
 * @param proxies whose `X-Forwarded-For` is believed: addresses and subnets, as in `TRUST_PROXY`
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
    // Session ids are part of a path: 256 characters, each up to twelve once encoded.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 3072 },
    // `refuseWhileClosing` does that.
    return503OnClosing: false,
    // Keep-alive connections that idle must not hold up the end of the process.
    forceCloseConnections: 'idle',
  });
