/**
 * Server settings, passed on every start so that they also apply to existing data. They favour throughput, and keep
 * durability: a commit is on disk before it is acknowledged.
 */
export const settings = {
  listen_addresses: '127.0.0.1',
  password_encryption: 'scram-sha-256',
  fsync: 'on',
  synchronous_commit: 'on',
  // The kernel writes all dirty pages of 30 s at once. With 256MB that was up to 150 MB, and every fsync on the machine
  // waited 110–140 ms for it.
  shared_buffers: '128MB',
  wal_buffers: '16MB',
  min_wal_size: '512MB',
  max_wal_size: '4GB',
  // Zero-filling new segments wrote a quarter of all bytes (41 MB/s instead of 30) and held up commits, Redis's too, for
  // 10–17 ms once a second.
  wal_init_zero: 'off',
  checkpoint_timeout: '15min',
  // Without it the kernel writes 30 s of dirty pages at once; commits waited up to 0.4 s at half load.
  backend_flush_after: '512kB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  max_connections: '300',
  // A transaction may touch every day partition of several tables.
  max_locks_per_transaction: '256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};

/**
 * @param {{ port: number, socketDirectory?: string, durable?: boolean, preload?: string }} server `durable: false` does not wait
 *   for the disk; `preload` is a library of the server
 * @returns {string} the argument of `pg_ctl -o`
 */
export function serverOptions({ port, socketDirectory = '', durable = true, preload }) {
  const own = {
    ...{ port, unix_socket_directories: socketDirectory },
    ...(durable ? {} : { fsync: 'off' }),
    ...(preload ? { shared_preload_libraries: preload } : {}),
  };
  return Object.entries({ ...settings, ...own })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
