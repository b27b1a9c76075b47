import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '#identity';

export const ACCESS = 'access';

/** What a route asks of its caller: one of the permissions, or nothing. */
export type Access = readonly Permission[] | 'public';

const declare = (access: Access) =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, access), ApiExtension('x-permission', access));

/** Callers need one of these; OpenAPI says so as `x-permission`. A route without either keeps the API from starting. */
export const Requires = (...permissions: readonly [Permission, ...Permission[]]) => declare(permissions);

/** Anyone may call. */
export const Public = () => declare('public');
