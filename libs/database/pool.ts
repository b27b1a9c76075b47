import pg from 'pg';
import { ROLES, type Role } from './roles.js';

export interface PoolOptions {
  readonly databaseUrl: string;
  /** Absent: connections keep the URL's user (migrations). */
  readonly role?: Role;
  readonly size: number;
  /** Milliseconds after which the server cancels a statement; 0: never. */
  readonly statementTimeoutMs?: number;
}

/**
 * Session settings, sent in the start-up packet so that RESET ROLE returns to the role given here. Custom plans: a
 * generic plan over a hundred day partitions prunes per row, 5 µs more per event in the duplicate look-up.
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

/** A pool whose connections act as one role. A connection that breaks is replaced; the next query reports the fault. */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.size,
    connectionTimeoutMillis: 5000,
    application_name: options.role ? ROLES[options.role] : 'millrace_owner',
    options: connectionOptions(options),
  });
  // Without a listener, a restart of the server would end this process through an unhandled 'error' event.
  pool.on('error', () => {});
  // The same for a connection lost between two statements of a transaction.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
