import pg from 'pg';
import { readCatalog } from './catalog.mjs';

const HEADER = `-- The schema that the migrations make, for reading and for reviewing changes. Written by \`npm run schema\`.
-- Left out: the day partitions, TypeORM's table \`migrations\`, BullMQ's schema \`bullmq\`.
-- The roles millrace_api, millrace_worker and millrace_reader belong to the cluster; migrations create them.

-- Functions are in alphabetical order, and some call later ones.
SET check_function_bodies = off;`;

/**
 * Writes the schema of a database as SQL in a stable order. Not with pg_dump, which is not among the binaries
 * of the embedded server.
 * @param {string} databaseUrl of the owner
 */
export async function dumpSchema(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return render(await readCatalog(client));
  } finally {
    await client.end();
  }
}

function render(catalog) {
  const { schema, tables, views, functions } = catalog;
  const blocks = [
    HEADER,
    grantsOf(catalog, schema, 'SCHEMA public'),
    ...tables.map((table) => tableBlock(catalog, table)),
    // Last, because both tables must exist.
    foreignKeys(catalog),
    ...functions.filter(({ returns_view }) => !returns_view).map((fn) => functionBlock(catalog, fn)),
    // Views call functions, and their rows are what some functions return.
    ...views.map((view) => viewBlock(catalog, view)),
    ...functions.filter(({ returns_view }) => returns_view).map((fn) => functionBlock(catalog, fn)),
  ];
  return `${blocks
    .map((block) => [block].flat().join('\n'))
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

function tableBlock(catalog, { oid, name, unlogged, partition_key, options, has_rls, forces_rls }) {
  const of = (rows) => rows.filter(({ table }) => table === oid);
  const inside = [
    ...of(catalog.columns).map(column),
    ...of(catalog.constraints)
      .filter(({ kind }) => kind !== 'f')
      .map((constraint) => `CONSTRAINT ${constraint.name} ${constraint.definition}`),
  ];
  const partitioned = partition_key ? ` PARTITION BY ${partition_key}` : '';
  const stored = options ? ` WITH (${options})` : '';
  return [
    `CREATE ${unlogged ? 'UNLOGGED ' : ''}TABLE ${name} (`,
    inside.map((line) => `  ${line}`).join(',\n'),
    `)${partitioned}${stored};`,
    ...of(catalog.indexes).map(({ definition }) => `${definition};`),
    ...of(catalog.triggers).map(({ definition }) => `${definition};`),
    ...(has_rls ? [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`] : []),
    ...(forces_rls ? [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;`] : []),
    ...of(catalog.policies).map((policy) => createPolicy(policy, name)),
    ...grantsOf(catalog, oid, name),
  ];
}

function column({ name, type, collation, not_null, identity, default: value }) {
  return [
    `${name} ${type}`,
    ...(collation ? [`COLLATE "${collation}"`] : []),
    ...(not_null ? ['NOT NULL'] : []),
    ...(identity ? [`GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`] : []),
    ...(value ? [`DEFAULT ${value}`] : []),
  ].join(' ');
}

function createPolicy({ name, permissive, command, roles, using, check }, table) {
  const restrictive = permissive ? '' : ' AS RESTRICTIVE';
  return [
    `CREATE POLICY ${name} ON ${table}${restrictive} FOR ${command} TO ${roles.join(', ')}`,
    ...(using ? [`  USING (${using})`] : []),
    ...(check ? [`  WITH CHECK (${check})`] : []),
  ]
    .join('\n')
    .concat(';');
}

/** One statement for each role: its privileges on the whole, then those on columns. */
function grantsOf({ grants }, oid, target) {
  const own = grants.filter((grant) => grant.oid === oid);
  return [...new Set(own.map(({ role }) => role))].map((role) => {
    const privileges = own
      .filter((grant) => grant.role === role)
      .map(({ privilege, columns: [first, ...rest] }) =>
        first === null ? privilege : `${privilege} (${[first, ...rest].join(', ')})`,
      );
    return `GRANT ${privileges.join(', ')} ON ${target} TO ${role};`;
  });
}

const foreignKeys = ({ tables, constraints }) =>
  tables.flatMap(({ oid, name: table }) =>
    constraints
      .filter(({ kind, table: owner }) => kind === 'f' && owner === oid)
      .map(({ name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition};`),
  );

function viewBlock(catalog, { oid, name, materialized, definition, options }) {
  const stored = options ? ` WITH (${options})` : '';
  return [
    `CREATE ${materialized ? 'MATERIALIZED ' : ''}VIEW ${name}${stored} AS`,
    definition,
    ...grantsOf(catalog, oid, name),
  ];
}

function functionBlock(catalog, { oid, signature, definition, is_closed }) {
  const target = `FUNCTION ${signature}`;
  return [
    `${definition.trimEnd()};`,
    ...(is_closed ? [`REVOKE ALL ON ${target} FROM PUBLIC;`] : []),
    ...grantsOf(catalog, oid, target),
  ];
}
