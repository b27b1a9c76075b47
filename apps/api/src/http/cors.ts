import fastifyCors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Seconds that a browser need not ask again. */
const PREFLIGHT_AGE = 600;

/**
 * Lets pages of these origins call the API (CORS). Nothing is sent along by browsers on their own: callers
 * present their credential in a header.
 */
export async function enableCors(app: NestFastifyApplication, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(fastifyCors as never, {
    origin: [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['X-API-Key', 'Authorization', 'Content-Type', 'Content-Encoding'],
    exposedHeaders: ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Retry-After'],
    credentials: false,
    maxAge: PREFLIGHT_AGE,
  });
}
