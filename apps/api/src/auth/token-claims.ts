import {
  isPublicId,
  type Permissions,
  permissionsOfRole,
  permissionsOfScopes,
  USER_ROLES,
  type UserRole,
} from '#identity';
import { isText } from '../http/input/is-text.js';

/** Claims of a verified token. */
export interface TokenClaims {
  readonly subject: string;
  readonly organizationId: string;
  readonly permissions: Permissions;
  /** Public id of the API key that was exchanged for the token. */
  readonly publicId?: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_SUBJECT = 255;

/**
 * Reads the claims of a token whose signature was verified. `sub`, `organization_id`, `role` and `exp` are required.
 * `scope` (RFC 9068: scopes of API keys, separated by spaces) narrows the role; `key_id` binds the token to a key.
 * @returns null when a claim is missing or malformed
 */
export function readClaims(payload: Readonly<Record<string, unknown>>): TokenClaims | null {
  const { sub, organization_id: organizationId, role, exp, scope, key_id: publicId } = payload;
  if (!isText(sub, MAX_SUBJECT) || typeof organizationId !== 'string' || !UUID.test(organizationId))
    return null;
  if (!isRole(role) || typeof exp !== 'number') return null;
  if (scope !== undefined && typeof scope !== 'string') return null;
  if (publicId !== undefined && !isPublicId(publicId)) return null;
  return {
    subject: publicId === undefined ? `user:${sub}` : `key:${publicId}`,
    organizationId: organizationId.toLowerCase(),
    permissions: narrowed(permissionsOfRole(role), scope),
    ...(publicId === undefined ? {} : { publicId }),
    expires: exp * 1000,
  };
}

const isRole = (value: unknown): value is UserRole => USER_ROLES.some((role) => role === value);

function narrowed(permissions: Permissions, scope: string | undefined): Permissions {
  if (scope === undefined) return permissions;
  const within = permissionsOfScopes(scope.split(' '));
  return new Set([...permissions].filter((permission) => within.has(permission)));
}
