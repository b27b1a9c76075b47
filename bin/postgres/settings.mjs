/**
 * Server settings, given on every start so that they also reach data of an older checkout. They favour
 * throughput without giving up durability: a commit is on disk before it is acknowledged.
 */
export const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  wal_buffers: '16MB',
  min_wal_size: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  // Else the kernel writes 30 seconds' worth at once, and commits wait for it: up to 0.4 s under half load.
  backend_flush_after: '512kB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  max_connections: '300',
  // One transaction may touch every day partition of several tables.
  max_locks_per_transaction: '256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/**
 * @param {number} port
 * @returns {string} what `pg_ctl -o` wants
 */
export function serverOptions(port) {
  return Object.entries({ ...settings, port })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
