/**
 * Database roles of the processes. The first migration creates them; they own nothing and never bypass row-level
 * security. Migrations themselves run as the owner.
 */
export const ROLES = {
  api: 'millrace_api',
  worker: 'millrace_worker',
} as const;

export type Role = keyof typeof ROLES;
