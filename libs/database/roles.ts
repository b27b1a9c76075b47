/**
 * The roles that processes act as. Migrations run as the owner; the other two are created by the
 * first migration, own nothing and never bypass row-level security.
 */
export const ROLES = {
  api: 'millrace_api',
  worker: 'millrace_worker',
} as const;

export type Role = keyof typeof ROLES;
