export { type ApiKey, parseApiKey, SCOPES, type Scope } from './api-key.js';
export { IdentityStore, type Principal } from './identity.store.js';
