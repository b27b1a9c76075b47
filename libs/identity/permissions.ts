/** What an API key can be made for. */
export const SCOPES = ['ingest', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a person can be in an organization, each with all that those before it may. */
export const USER_ROLES = ['viewer', 'developer', 'manager', 'admin'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** Who may do something: keys with the scope (`admin` has every other), and people from the role upward. */
interface Grant {
  readonly scope: Scope;
  readonly role: UserRole;
}

/**
 * Everything that can be asked of a caller; each route names what it asks for. Nobody in an organization may
 * `operate` or `monitor` the platform: that is what `ADMIN_TOKEN` and `METRICS_TOKEN` are for.
 */
const GRANTS = {
  read: { scope: 'read', role: 'viewer' },
  ingest: { scope: 'ingest', role: 'developer' },
  administer: { scope: 'admin', role: 'admin' },
  operate: null,
  monitor: null,
} as const satisfies Readonly<Record<string, Grant | null>>;

export type Permission = keyof typeof GRANTS;
export type Permissions = ReadonlySet<Permission>;

export const OPERATOR_PERMISSIONS: Permissions = new Set(['operate', 'monitor']);
export const MONITOR_PERMISSIONS: Permissions = new Set(['monitor']);

export const permissionsOfScopes = (scopes: readonly string[]): Permissions =>
  permitted(({ scope }) => scopes.includes('admin') || scopes.includes(scope));

export const permissionsOfRole = (role: UserRole): Permissions =>
  permitted((grant) => USER_ROLES.indexOf(role) >= USER_ROLES.indexOf(grant.role));

/** The least role that may all that keys with these scopes may. */
export function leastRole(scopes: readonly Scope[]): UserRole {
  const wanted = [...permissionsOfScopes(scopes)];
  return USER_ROLES.find((role) => wanted.every((permission) => permissionsOfRole(role).has(permission)))!;
}

function permitted(holds: (grant: Grant) => boolean): Permissions {
  const granted = Object.entries(GRANTS).filter(([, grant]) => grant !== null && holds(grant));
  return new Set(granted.map(([permission]) => permission as Permission));
}
