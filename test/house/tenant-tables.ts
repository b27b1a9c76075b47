import { sourceFiles } from './source-file.js';
import type { TenantTables } from './tenant-statements.js';

/** The tables that migrations wall off by organization. */
export function tenantTables(): TenantTables {
  const migrations = sourceFiles().filter(({ path }) => path.startsWith('migrations/'));
  const walls = migrations.flatMap(({ text }) => [...text.matchAll(/\bwall\('(\w+)', '(\w+)'/g)]);
  return new Map(walls.map(([, table, column]) => [table!, column!]));
}
