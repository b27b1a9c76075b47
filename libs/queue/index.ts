export type { BatchJobData, BatchWithoutColumns, DeadLetterJob, IngestJob } from './batch-jobs.js';
export {
  chooseQueueBackend,
  PRODUCER_TIMEOUT_MS,
  type QueueBackend,
  queueBackend,
  queueConnection,
} from './connection.js';
export type { ExportJob } from './export-job.js';
export { type JobCodec, readJob } from './job-codec.js';
export { migrateQueue } from './migrate-queue.js';
export { QUEUES, type QueueDefinition } from './queues.js';
export { QueuesModule } from './queues.module.js';
export { type DurabilityBreach, durabilityFaults } from './redis-durability.js';
export { type RedisState, redisState } from './redis-state.read-model.js';
