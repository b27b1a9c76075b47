/** Our tables, without TypeORM's list of migrations and without day partitions. */
const TABLES = `
  SELECT c.oid, c.relname AS name, c.relpersistence = 'u' AS unlogged,
         pg_get_partkeydef(c.oid) AS partition_key, array_to_string(c.reloptions, ', ') AS options,
         c.relrowsecurity AS has_rls, c.relforcerowsecurity AS forces_rls
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> 'migrations'
  ORDER BY c.relname COLLATE "C"`;

const COLUMNS = `
  SELECT a.attrelid AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
         CASE WHEN a.attcollation <> t.typcollation THEN l.collname END AS collation,
         a.attnotnull AS not_null, a.attidentity AS identity, pg_get_expr(d.adbin, d.adrelid, true) AS default
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`;

/** Without NOT NULL, a separate constraint since PostgreSQL 18, which the columns contain. */
const CONSTRAINTS = `
  SELECT conrelid AS table, conname AS name, contype AS kind, pg_get_constraintdef(oid, true) AS definition
  FROM pg_constraint WHERE conrelid = ANY($1) AND contype <> 'n'
  ORDER BY array_position(ARRAY['p', 'u', 'x', 'c', 'f'], contype::text), conname COLLATE "C"`;

const INDEXES = `
  SELECT i.indrelid AS table, pg_get_indexdef(i.indexrelid, 0, true) AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE i.indrelid = ANY($1) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
  ORDER BY c.relname COLLATE "C"`;

const POLICIES = `
  SELECT p.polrelid AS table, p.polname AS name, p.polpermissive AS permissive,
         CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                       WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
         ARRAY(SELECT coalesce(pg_get_userbyid(NULLIF(role, 0))::text, 'PUBLIC') FROM unnest(p.polroles) AS role
               ORDER BY 1) AS roles,
         pg_get_expr(p.polqual, p.polrelid, true) AS using,
         pg_get_expr(p.polwithcheck, p.polrelid, true) AS check
  FROM pg_policy p WHERE p.polrelid = ANY($1)
  ORDER BY p.polname COLLATE "C"`;

const TRIGGERS = `
  SELECT tgrelid AS table, pg_get_triggerdef(oid, true) AS definition
  FROM pg_trigger WHERE tgrelid = ANY($1) AND NOT tgisinternal
  ORDER BY tgname COLLATE "C"`;

/** In the order of their creation, because views read others. */
const VIEWS = `
  SELECT c.oid, c.relname AS name, c.relkind = 'm' AS materialized, pg_get_viewdef(c.oid, true) AS definition,
         array_to_string(c.reloptions, ', ') AS options
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
  ORDER BY c.oid`;

const FUNCTIONS = `
  SELECT p.oid, p.oid::regprocedure::text AS signature, pg_get_functiondef(p.oid) AS definition,
         p.proacl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) WHERE grantee = 0) AS is_closed,
         EXISTS (SELECT FROM pg_class c WHERE c.reltype = p.prorettype AND c.relkind = 'v') AS returns_view
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  ORDER BY p.oid::regprocedure::text COLLATE "C"`;

/**
 * Privileges of roles other than the owner, on objects and columns; those of PUBLIC on functions are above.
 */
const GRANTS = `
  WITH acls AS (
    SELECT oid, relowner AS owner, relacl AS acl, NULL AS column, 0 AS position FROM pg_class
    UNION ALL
    SELECT c.oid, c.relowner, a.attacl, a.attname, a.attnum
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE NOT a.attisdropped
    UNION ALL
    SELECT oid, proowner, proacl, NULL, 0 FROM pg_proc
    UNION ALL
    SELECT oid, nspowner, nspacl, NULL, 0 FROM pg_namespace WHERE nspname = 'public'
  )
  SELECT acls.oid, coalesce(pg_get_userbyid(NULLIF(g.grantee, 0))::text, 'PUBLIC') AS role,
         g.privilege_type AS privilege, array_agg(acls.column::text ORDER BY acls.position) AS columns
  FROM acls, aclexplode(acls.acl) AS g
  WHERE acls.oid = ANY($1) AND g.grantee <> acls.owner
  GROUP BY acls.oid, acls.column IS NULL, 2, 3
  ORDER BY 2, acls.column IS NULL DESC,
           array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], g.privilege_type), 3`;

/**
 * Everything that makes up the schema, read from the catalog.
 * @param {import('pg').Client} client
 */
export async function readCatalog(client) {
  const rows = async (text, values) => (await client.query(text, values)).rows;
  const tables = await rows(TABLES);
  const views = await rows(VIEWS);
  const functions = await rows(FUNCTIONS);
  const [{ oid: schema }] = await rows(`SELECT 'public'::regnamespace::oid AS oid`);
  const ids = tables.map(({ oid }) => oid);
  const granted = [schema, ...ids, ...views.map(({ oid }) => oid), ...functions.map(({ oid }) => oid)];
  return {
    schema,
    tables,
    views,
    functions,
    columns: await rows(COLUMNS, [ids]),
    constraints: await rows(CONSTRAINTS, [ids]),
    indexes: await rows(INDEXES, [ids]),
    policies: await rows(POLICIES, [ids]),
    triggers: await rows(TRIGGERS, [ids]),
    grants: await rows(GRANTS, [granted]),
  };
}
