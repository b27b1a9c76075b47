import { sourceFiles } from './source-file.js';
import type { TenantTables } from './tenant-statements.js';

/** The tables that migrations wall off by organization, by all names that they ever had. */
export function tenantTables(): TenantTables {
  const migrations = sourceFiles().filter(({ path }) => path.startsWith('migrations/'));
  const walls = migrations.flatMap(({ text }) => [...text.matchAll(/\bwall\('(\w+)', '(\w+)'/g)]);
  const tables = new Map(walls.map(([, table, column]) => [table!, column!]));
  for (const { text } of migrations) {
    for (const [, from, to] of text.matchAll(/ALTER TABLE (\w+) RENAME TO (\w+)/g)) {
      const column = tables.get(from!);
      if (column) tables.set(to!, column);
    }
  }
  return tables;
}
