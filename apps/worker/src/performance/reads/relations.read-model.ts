import type { ClientBase } from 'pg';

/** A table with its partitions, as PostgreSQL counts it. */
export interface TableCounts {
  readonly name: string;
  readonly partitions: number;
  readonly table_bytes: number;
  readonly index_bytes: number;
  readonly live_rows: number;
  readonly dead_rows: number;
  /** Blocks that were in PostgreSQL's memory, and those that were not. */
  readonly hits: number;
  readonly reads: number;
  readonly index_hits: number;
  readonly index_reads: number;
}

/** An index with those of the partitions, as PostgreSQL counts it. */
export interface IndexCounts {
  readonly name: string;
  readonly table: string;
  readonly bytes: number;
  readonly rows: number;
  readonly scans: number;
  readonly is_unique: boolean;
}

/** Tables of Millrace, and those of the queue in PostgreSQL. A partition belongs to its root. */
const relationsOf = (kinds: string) => `
  SELECT c.oid, coalesce(pg_partition_root(c.oid), c.oid) AS root, c.relkind, greatest(c.reltuples, 0) AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN (${kinds}) AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'`;

/** Without the schema where it is the usual one. */
const nameOf = (relation: string) => `
  (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${relation})`;

const sum = (value: string) => `coalesce(sum(${value}), 0)::float8`;

/** A table that is dropped meanwhile has no size. */
const TABLES = `
  SELECT ${nameOf('r.root')} AS name, (count(*) FILTER (WHERE r.oid <> r.root))::integer AS partitions,
         ${sum('pg_table_size(r.oid)')} AS table_bytes, ${sum('pg_indexes_size(r.oid)')} AS index_bytes,
         ${sum('s.n_live_tup')} AS live_rows, ${sum('s.n_dead_tup')} AS dead_rows,
         ${sum('io.heap_blks_hit')} AS hits, ${sum('io.heap_blks_read')} AS reads,
         ${sum('io.idx_blks_hit')} AS index_hits, ${sum('io.idx_blks_read')} AS index_reads
  FROM (${relationsOf("'r', 'p', 'm'")}) AS r
    LEFT JOIN pg_stat_all_tables s ON s.relid = r.oid LEFT JOIN pg_statio_all_tables io ON io.relid = r.oid
  GROUP BY r.root ORDER BY sum(pg_total_relation_size(r.oid)) DESC NULLS LAST, name`;

const INDEXES = `
  SELECT ${nameOf('r.root')} AS name, ${nameOf('i.indrelid')} AS table, ${sum('pg_total_relation_size(r.oid)')} AS bytes,
         ${sum("r.rows * (r.relkind = 'i')::integer")} AS rows, ${sum('s.idx_scan')} AS scans, i.indisunique AS is_unique
  FROM (${relationsOf("'i', 'I'")}) AS r
    JOIN pg_index i ON i.indexrelid = r.root LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = r.oid
  GROUP BY r.root, i.indrelid, i.indisunique ORDER BY bytes DESC, name`;

/** Reads what the tables and indexes of the database take, the largest first. */
export class RelationsReadModel {
  constructor(private readonly client: ClientBase) {}

  async tables(): Promise<TableCounts[]> {
    return (await this.client.query<TableCounts>(TABLES)).rows.filter(({ name }) => name !== null);
  }

  async indexes(): Promise<IndexCounts[]> {
    return (await this.client.query<IndexCounts>(INDEXES)).rows.filter(({ name }) => name !== null);
  }

  /** Bytes of the whole database. */
  async databaseSize(): Promise<number> {
    const { rows } = await this.client.query<{ bytes: number }>(
      'SELECT pg_database_size(current_database())::float8 AS bytes',
    );
    return rows[0]!.bytes;
  }
}
