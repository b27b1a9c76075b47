import {
  leastRole,
  MONITOR_PERMISSIONS,
  OPERATOR_PERMISSIONS,
  permissionsOfRole,
  permissionsOfScopes,
  SCOPES,
  USER_ROLES,
} from './permissions.js';

/** Every set of scopes, including the empty one. */
const scopeSets = Array.from({ length: 2 ** SCOPES.length }, (_, bits) =>
  SCOPES.filter((_scope, index) => bits & (1 << index)),
);

/** Every kind of caller in an organization: keys, roles, and roles narrowed by a token's scope. */
const callers = [
  ...scopeSets.map((scopes) => ({ who: `key of ${scopes}`, permissions: permissionsOfScopes(scopes) })),
  ...USER_ROLES.flatMap((role) => [
    { who: role, permissions: permissionsOfRole(role) },
    ...scopeSets.map((scopes) => {
      const within = permissionsOfScopes(scopes);
      const both = [...permissionsOfRole(role)].filter((permission) => within.has(permission));
      return { who: `${role} of ${scopes}`, permissions: new Set(both) };
    }),
  ]),
];

describe('the permission table', () => {
  it('grants admin every permission of an organization, and unknown scopes none', () => {
    const all = new Set(['read', 'ingest', 'export', 'notify', 'administer']);
    expect(permissionsOfScopes(SCOPES)).toEqual(all);
    expect(permissionsOfScopes(['admin'])).toEqual(all);
    expect(permissionsOfRole('admin')).toEqual(all);
    expect(permissionsOfScopes(['operate', 'administer', 'constructor'])).toEqual(new Set());
  });

  it('lets no caller create a key with more permissions than its own', () => {
    const makers = callers.filter(({ permissions }) => permissions.has('administer'));
    expect(makers.map(({ who }) => who)).toEqual(
      expect.arrayContaining(['key of admin', 'admin', 'admin of admin']),
    );
    for (const { who, permissions } of makers) {
      for (const scopes of scopeSets) {
        const beyond = [...permissionsOfScopes(scopes)].filter((permission) => !permissions.has(permission));
        expect([who, scopes, beyond]).toEqual([who, scopes, []]);
      }
    }
  });

  it('separates the operator from organizations, in both directions', () => {
    const beyond = callers.filter(
      ({ permissions }) => permissions.has('operate') || permissions.has('monitor'),
    );
    expect(beyond).toEqual([]);
    expect([...OPERATOR_PERMISSIONS]).toEqual(['operate', 'monitor']);
    expect([...MONITOR_PERMISSIONS]).toEqual(['monitor']);
  });

  it('has a role with the permissions of every set of scopes', () => {
    for (const scopes of scopeSets) {
      const role = permissionsOfRole(leastRole(scopes));
      expect([...permissionsOfScopes(scopes)].filter((permission) => !role.has(permission))).toEqual([]);
    }
  });
});
