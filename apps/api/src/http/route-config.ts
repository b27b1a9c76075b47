import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/**
 * Adds to a route's config in Fastify, which hooks and filters read as `request.routeOptions.config`. Nest's
 * own `RouteConfig` replaces what another decorator has set. Each folder declares its settings in
 * `FastifyContextConfig`.
 */
export const ConfigureRoute =
  (settings: FastifyContextConfig): MethodDecorator =>
  (_target, _name, descriptor) => {
    const handler = descriptor.value as object;
    const earlier = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as object | undefined;
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...earlier, ...settings }, handler);
  };
