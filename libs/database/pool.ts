import pg from 'pg';
import { ROLES, type Role } from './roles.js';

export interface PoolOptions {
  readonly databaseUrl: string;
  /** Absent: the connection acts as the user of the URL (migrations, `verify`). */
  readonly role?: Role;
  readonly size: number;
  /** Milliseconds after which the server ends a statement; 0 for none. */
  readonly statementTimeoutMs?: number;
}

/**
 * Run-time settings of a connection. The role is set in the start-up packet, so that it is also what
 * RESET ROLE falls back to. Custom plans, because a generic plan over a hundred day partitions prunes
 * per row: 5 µs an event more in the duplicate probe.
 */
export function connectionOptions({
  role,
  statementTimeoutMs = 0,
}: Omit<PoolOptions, 'databaseUrl' | 'size'>) {
  return [
    ...(role ? [`-c role=${ROLES[role]}`] : []),
    '-c plan_cache_mode=force_custom_plan',
    '-c timezone=UTC',
    '-c jit=off',
    `-c statement_timeout=${statementTimeoutMs}`,
  ].join(' ');
}

/** A pool of connections acting as one role. Idle connections that break are dropped, not thrown. */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.size,
    connectionTimeoutMillis: 5000,
    application_name: options.role ? ROLES[options.role] : 'millrace_owner',
    options: connectionOptions(options),
  });
  // A pool without a listener turns a restart of the server into a crash of this process; the next
  // query reports the same fault to someone who can act on it.
  pool.on('error', () => {});
  // The same holds for a connection that is lent out and lost between two statements of a transaction.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
