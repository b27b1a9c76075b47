/** Scopes of API keys. */
export const SCOPES = ['ingest', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Roles of people, each with the permissions of those before it. */
export const USER_ROLES = ['viewer', 'developer', 'manager', 'admin'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** Who has a permission: keys with the scope (`admin` includes every scope), and people from this role upward. */
interface Grant {
  readonly scope: Scope;
  readonly role: UserRole;
}

/**
 * All permissions; each route names the ones it requires. Nobody in an organization has `operate` or `monitor`:
 * they belong to `ADMIN_TOKEN` and `METRICS_TOKEN`.
 */
const GRANTS = {
  read: { scope: 'read', role: 'viewer' },
  ingest: { scope: 'ingest', role: 'developer' },
  // A key that reads can list every event; a person needs more trust to take them all away.
  export: { scope: 'read', role: 'manager' },
  // Who gets reports and alerts. It goes on when a key is revoked, so a key that only reads may not.
  notify: { scope: 'admin', role: 'manager' },
  administer: { scope: 'admin', role: 'admin' },
  operate: null,
  monitor: null,
} as const satisfies Readonly<Record<string, Grant | null>>;

export type Permission = keyof typeof GRANTS;
export type Permissions = ReadonlySet<Permission>;

export const OPERATOR_PERMISSIONS: Permissions = new Set(['operate', 'monitor']);
export const MONITOR_PERMISSIONS: Permissions = new Set(['monitor']);

export const permissionsOfScopes = (scopes: readonly string[]): Permissions =>
  permissionsWhere(({ scope }) => scopes.includes('admin') || scopes.includes(scope));

export const permissionsOfRole = (role: UserRole): Permissions =>
  permissionsWhere((grant) => USER_ROLES.indexOf(role) >= USER_ROLES.indexOf(grant.role));

/** The lowest role that has every permission of these scopes. */
export function leastRole(scopes: readonly Scope[]): UserRole {
  const wanted = [...permissionsOfScopes(scopes)];
  return USER_ROLES.find((role) => wanted.every((permission) => permissionsOfRole(role).has(permission)))!;
}

function permissionsWhere(holds: (grant: Grant) => boolean): Permissions {
  const granted = Object.entries(GRANTS).filter(([, grant]) => grant !== null && holds(grant));
  return new Set(granted.map(([permission]) => permission as Permission));
}
