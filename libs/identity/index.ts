export { type ApiKey, parseApiKey } from './api-key.js';
export { IdentityStore, type OrganizationProfile } from './identity.store.js';
export {
  leastRole,
  OPERATOR_PERMISSIONS,
  type Permission,
  type Permissions,
  permissionsOfRole,
  permissionsOfScopes,
  SCOPES,
  type Scope,
  USER_ROLES,
  type UserRole,
} from './permissions.js';
export {
  NO_ORGANIZATION,
  type OrganizationSettings,
  type Principal,
  type RateLimitSettings,
} from './principal.js';
export { knownUserId, pseudonym } from './pseudonym.js';
