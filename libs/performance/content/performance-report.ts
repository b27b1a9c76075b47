/** Queries of one route and method, over all replicas of the API. */
export interface RouteFigures {
  readonly method: string;
  readonly route: string;
  readonly requests: number;
  readonly avg_ms: number;
  /** 95 % took at most this; null: more than ten seconds. */
  readonly p95_ms: number | null;
  /** All together. */
  readonly total_ms: number;
}

/** A statement, as `pg_stat_statements` knows it: `$1` stands for a constant. */
export interface StatementFigures {
  readonly query: string;
  readonly calls: number;
  readonly avg_ms: number;
  readonly max_ms: number;
  readonly total_ms: number;
  /** Rows that it returned or changed. */
  readonly rows: number;
}

/** The statements that take the most time. */
export interface Statements {
  /** When PostgreSQL began to count. */
  readonly since: string;
  readonly slowest: readonly StatementFigures[];
  /** Statements that PostgreSQL does not show to the owner of the database. */
  readonly hidden: number;
}

/** A table with its partitions. */
export interface TableFigures {
  readonly name: string;
  /** 0 when it has none. */
  readonly partitions: number;
  /** Rows with their overflow, without indexes. */
  readonly table_bytes: number;
  readonly index_bytes: number;
  /** As PostgreSQL estimates them. */
  readonly live_rows: number;
  /** Deleted or replaced, and not yet vacuumed away. */
  readonly dead_rows: number;
  /** Dead rows as a share of all; null without rows. */
  readonly dead_ratio: number | null;
  /** Null: not known yet. */
  readonly growth_bytes_per_day: number | null;
}

/** An index with those of the partitions. */
export interface IndexFigures {
  readonly name: string;
  readonly table: string;
  readonly bytes: number;
  /** Grows when an index is bloated; null: not known. */
  readonly bytes_per_row: number | null;
  /** Since PostgreSQL began to count. A key that is never read still keeps rows unique. */
  readonly scans: number;
  readonly is_unique: boolean;
  /** Null: not known yet. */
  readonly growth_bytes_per_day: number | null;
}

/** Shares of reads that a cache answered; null: there were none. */
export interface CacheFigures {
  /** Blocks of tables in PostgreSQL's memory, since it began to count. */
  readonly table_hit_ratio: number | null;
  readonly index_hit_ratio: number | null;
  /** Answers to queries of the last 24 hours that may be cached. */
  readonly answer_hit_ratio: number | null;
}

/** The disk of the database. */
export interface DiskFigures {
  /** Null: `DATABASE_DISK_PATH` does not name it. */
  readonly free_bytes: number | null;
  readonly total_bytes: number | null;
  /** Whole days, if the database goes on growing as it did; null: it does not grow, or something is not known. */
  readonly days_until_full: number | null;
  /** The same in words, or why it is not known. */
  readonly summary: string;
}

/** How fast the installation is, and how large. Instants are RFC 3339. */
export interface PerformanceReport {
  readonly computed_at: string;
  /** The report that sizes are compared with; null: there is none that is a day old. */
  readonly compared_with: string | null;
  /** What somebody should look at, in sentences. */
  readonly findings: readonly string[];
  readonly database_bytes: number;
  readonly growth_bytes_per_day: number | null;
  readonly disk: DiskFigures;
  readonly cache: CacheFigures;
  /** The slowest of the last 24 hours. */
  readonly queries: readonly RouteFigures[];
  /** Null: the database has no `pg_stat_statements`. */
  readonly statements: Statements | null;
  /** The largest first. */
  readonly tables: readonly TableFigures[];
  readonly indexes: readonly IndexFigures[];
}
