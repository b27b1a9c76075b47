import { SetMetadata } from '@nestjs/common';
import type { Scope } from '#identity';

export const ACCESS = 'access';

/** What a route asks of its caller. */
export type Access = Scope | 'public';

/** Callers need this scope; `admin` has every other. A route without an access is refused. */
export const RequireScope = (scope: Scope) => SetMetadata<string, Access>(ACCESS, scope);

/** Anyone may call. */
export const Public = () => SetMetadata<string, Access>(ACCESS, 'public');
