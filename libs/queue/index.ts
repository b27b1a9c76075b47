export {
  type DeadLetterJob,
  type IngestJob,
  parseBatchJob,
  registerQueue,
  renderBatchJob,
} from './batch-job.js';
export {
  chooseQueueBackend,
  PRODUCER_TIMEOUT_MS,
  type QueueBackend,
  queueBackend,
  queueConnection,
} from './connection.js';
export { migrateQueue } from './migrate-queue.js';
export { QUEUES, type QueueDefinition } from './queues.js';
export { durabilityFaults } from './redis-durability.js';
