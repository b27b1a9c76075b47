export { type BinaryParameter, queryBinary } from './binary-query.js';
export { streamPages } from './cursor.js';
export { ensureEventPartitions } from './event-partitions.js';
export { createPool, type PoolOptions } from './pool.js';
export { ROLES, type Role } from './roles.js';
export { type FailureKind, failureKind } from './sql-state.js';
export { inTenant, inTransaction } from './tenant-transaction.js';
export { CURRENT_ORGANIZATION, type Grants, wall } from './tenant-wall.js';
export { waitForDatabase } from './wait-for-database.js';
