/**
 * Server settings, given on every start so that they also reach data of an older checkout. They favour
 * throughput without giving up durability: a commit is on disk before it is acknowledged.
 */
export const settings = {
  listen_addresses: '127.0.0.1',
  password_encryption: 'scram-sha-256',
  fsync: 'on',
  synchronous_commit: 'on',
  // A new page stays dirty in the kernel's cache until the server evicts it, and the kernel writes what is 30
  // seconds old at once: with 256MB up to 150 MB, for which every fsync of the machine waited 110–140 ms.
  shared_buffers: '128MB',
  wal_buffers: '16MB',
  min_wal_size: '512MB',
  max_wal_size: '4GB',
  // Filling each new segment with zeros was a quarter of all bytes written (41 MB/s, without it 30), and held
  // commits, Redis's too, for 10–17 ms once a second.
  wal_init_zero: 'off',
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
 * @param {{ port: number, socketDirectory?: string }} place
 * @returns {string} what `pg_ctl -o` wants
 */
export function serverOptions({ port, socketDirectory = '' }) {
  return Object.entries({ ...settings, port, unix_socket_directories: socketDirectory })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
