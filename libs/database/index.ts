export { type BinaryParameter, queryBinary } from './binary-query.js';
export { type CopiedRows, type CopyValue, copyOut } from './copy-out.js';
export { streamPages } from './cursor.js';
export { ensureEventPartitions } from './event-partitions.js';
export { createPool, type PoolOptions } from './pool.js';
export { Interrupted, retryTransient } from './retry-transient.js';
export { ROLES, type Role } from './roles.js';
export {
  isReader,
  READER_LIMITS,
  READERS,
  readerOrganizationOr,
  readerRole,
  showToReaders,
} from './sql-reader.js';
export { type FailureKind, failureKind } from './sql-state.js';
export { inTenant, inTransaction, type TransactionOptions } from './tenant-transaction.js';
export { CURRENT_ORGANIZATION, type Grants, wall } from './tenant-wall.js';
export { waitForDatabase } from './wait-for-database.js';
