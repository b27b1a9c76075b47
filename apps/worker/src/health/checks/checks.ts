/** Every check of the installation's health, one per line; the job `health` runs all that is exported here. */
export { canary } from './canary.check.js';
export { clock } from './clock.check.js';
export { database } from './database.check.js';
export { deadLetters } from './dead-letters.check.js';
export { disk } from './disk.check.js';
export { jobs } from './jobs.check.js';
export { ledger } from './ledger.check.js';
export { mail } from './mail.check.js';
export { partitions } from './partitions.check.js';
export { queues } from './queues.check.js';
export { redis } from './redis.check.js';
export { workers } from './workers.check.js';
