import fastifyCors from '@fastify/cors';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Seconds for which browsers may cache a preflight response. */
const PREFLIGHT_AGE = 600;

/** Allows browsers to call the API from these origins (CORS). Without cookies: credentials are sent in headers. */
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
