export type { Actor } from './actor.js';
export { type ApiKey, isPublicId, parseApiKey } from './api-key.js';
export { type ApiKeyDraft, type ApiKeyPosition, type ApiKeyRow, ApiKeyStore } from './api-key.store.js';
export { ApiKeyAdministration, type NewApiKey } from './api-key-administration.js';
export { type AuditEntry, recordAct, recordAudit, recordAuditAlone } from './audit-log.store.js';
export { IdentityStore, type OrganizationProfile } from './identity.store.js';
export {
  listAllOrganizations,
  listOrganizations,
  type Organization,
  OrganizationStore,
} from './organization.store.js';
export {
  type NewOrganization,
  OrganizationAdministration,
  type OrganizationChange,
} from './organization-administration.js';
export {
  leastRole,
  MONITOR_PERMISSIONS,
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
  CANARY_ORGANIZATION,
  eventRetentionDays,
  NO_ORGANIZATION,
  type OrganizationSettings,
  type Principal,
  type RateLimitSettings,
} from './principal.js';
export { everyUserId, pseudonym, pseudonymize, userMark } from './pseudonym.js';
export type { SettingsPatch } from './settings-patch.js';
