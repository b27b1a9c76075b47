import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '#identity';
import type { BodyRules } from './body-rules.js';
import { ConfigureRoute } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A body is read although nobody knows who sends it; absent: the caller is authenticated first. */
    readonly isBodyPublic?: true;
  }
}

export const ACCESS = 'access';

/** What a route requires: one of these permissions, or nothing. */
export type Access = readonly Permission[] | 'public';

const declare = (access: Access) =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, access), ApiExtension('x-permission', access));

/** The caller needs one of these permissions; OpenAPI shows them as `x-permission`. */
export const Requires = (...permissions: readonly [Permission, ...Permission[]]) => declare(permissions);

/** No authentication required. The API does not start if a route has neither decorator. */
export const Public = () => declare('public');

const ANY_BODY: BodyRules = { accepts: () => true, expected: 'anything' };

/** For a public route with a body, of any type and at most 256 KiB. */
export const TakesBodiesOfStrangers = () => ConfigureRoute({ isBodyPublic: true, body: ANY_BODY });
