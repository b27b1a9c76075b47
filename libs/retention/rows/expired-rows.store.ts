import type { ClientBase, Pool } from 'pg';
import type { RowsRule } from '../plan/rules.js';
import type { Expired } from '../transactions/run.js';

/** Values of the columns before the instant, as texts: the organization first, unless the table has none. */
export type Key = readonly string[];

/** SQL of the rows of a rule. Names of tables and columns come from the rule, everything else is a parameter. */
export class ExpiredRowsStore {
  /** Columns that a batch fixes. */
  private readonly columns: readonly string[];
  private readonly cutoff: string;

  /** @param cutoff first instant that is kept, in milliseconds since the epoch */
  constructor(
    private readonly rule: RowsRule,
    cutoff: number,
  ) {
    const { isShared, prefix = [] } = rule;
    this.columns = isShared ? prefix : ['organization_id', ...prefix];
    this.cutoff = new Date(cutoff).toISOString();
  }

  /** Keys that have expired rows, found by one look into the index per key. */
  async keys(client: ClientBase, organization: Key): Promise<Key[]> {
    const expired = this.expired('k', organization.length + 1);
    const { rows } = await client.query<{ key: string[] }>(
      `${this.allKeys(organization.length)}
       SELECT ${this.keyOf('k')} AS key FROM keys k, LATERAL (SELECT FROM ${this.rule.table} t WHERE ${expired} LIMIT 1) AS found`,
      [...organization, this.cutoff],
    );
    return rows.map(({ key }) => key);
  }

  /** Counts what has expired. */
  async survey(pool: Pool, organization: Key): Promise<Expired> {
    const expired = this.expired('k', organization.length + 1);
    const { rows } = await pool.query<{ rows: number; bytes: number }>(
      `${this.allKeys(organization.length)}
       SELECT coalesce(sum(s.rows), 0)::float8 AS rows, coalesce(sum(s.bytes), 0)::float8 AS bytes
       FROM keys k, LATERAL (
         SELECT count(*) AS rows, sum(pg_column_size(t)) AS bytes FROM ${this.rule.table} t WHERE ${expired}
       ) AS s`,
      [...organization, this.cutoff],
    );
    return rows[0]!;
  }

  /**
   * Deletes the oldest expired rows of a key, from an instant on.
   * @param from null: from the oldest on
   * @returns their number, and the last instant among them
   */
  async delete(
    client: ClientBase,
    key: Key,
    from: string | null,
    size: number,
  ): Promise<{ rows: number; last: string | null }> {
    const { table, column, addsGone, isShared } = this.rule;
    const [cutoff, position, limit] = [1, 2, 3].map((n) => `$${key.length + n}`);
    const oldest = `
      SELECT t.ctid FROM ${table} t
      WHERE ${this.expired(null, key.length + 1)} AND t.${column} >= ${position}
      ORDER BY t.${column} LIMIT ${limit}`;
    const noted = `, noted AS (
      UPDATE horizons SET gone_events = gone_events + (SELECT coalesce(sum(adds), 0) FROM gone) WHERE organization_id = $1
    )`;
    const { rows } = await client.query<{ rows: number; last: string | null }>(
      `WITH gone AS (
         DELETE FROM ${table} t WHERE t.ctid = ANY(ARRAY(${oldest})) AND t.${column} < ${cutoff}
         RETURNING t.${column} AS at, ${addsGone ?? '0'} AS adds
       )${addsGone && !isShared ? noted : ''}
       SELECT count(*)::float8 AS rows, max(at)::text AS last FROM gone`,
      [...key, this.cutoff, from ?? '-infinity', size],
    );
    return rows[0]!;
  }

  /** Conditions on an expired row `t`: of a key in a row of `keys`, or in the first parameters. */
  private expired(keys: string | null, cutoff: number): string {
    const { table, column, only = 'true', keepsLast } = this.rule;
    const fixed = (row: string) =>
      this.columns.map((name, i) => `${row}.${name} = ${keys ? `${keys}.${name}` : `$${i + 1}`}`);
    const conditions = [...fixed('t'), `t.${column} < $${cutoff}`, only.replaceAll('$cutoff', `$${cutoff}`)];
    const last = `SELECT max(l.${column}) FROM ${table} l WHERE ${fixed('l').join(' AND ')}`;
    return [...conditions, ...(keepsLast ? [`t.${column} < (${last})`] : [])].join(' AND ');
  }

  /** Every key of an organization: from one to the next one in the index, without the rows in between. */
  private allKeys(given: number): string {
    const { table, prefix = [] } = this.rule;
    const own = this.columns.slice(0, given).map((name, i) => `t.${name} = $${i + 1}`);
    if (prefix.length === 0) {
      const names = this.columns.map((name, i) => `$${i + 1}::uuid AS ${name}`).join(', ');
      return `WITH keys AS (SELECT ${names})`;
    }
    const list = (alias: string) => prefix.map((name) => `${alias}.${name}`).join(', ');
    const names = this.columns.map((name) => `t.${name}`).join(', ');
    const next = (after: readonly string[]) =>
      `SELECT ${names} FROM ${table} t WHERE ${['true', ...own, ...after].join(' AND ')} ORDER BY ${list('t')} LIMIT 1`;
    return `
      WITH RECURSIVE keys AS (
        (${next([])})
        UNION ALL
        SELECT n.* FROM keys k, LATERAL (${next([`(${list('t')}) > (${list('k')})`])}) AS n
      )`;
  }

  private keyOf(alias: string): string {
    return `ARRAY[${this.columns.map((name) => `${alias}.${name}::text`).join(', ')}]::text[]`;
  }
}
