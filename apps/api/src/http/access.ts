import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '#identity';

export const ACCESS = 'access';

/** What a route requires: one of these permissions, or nothing. */
export type Access = readonly Permission[] | 'public';

const declare = (access: Access) =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, access), ApiExtension('x-permission', access));

/** The caller needs one of these permissions; OpenAPI shows them as `x-permission`. */
export const Requires = (...permissions: readonly [Permission, ...Permission[]]) => declare(permissions);

/** No authentication required. The API does not start if a route has neither decorator. */
export const Public = () => declare('public');
