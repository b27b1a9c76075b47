/** Every job and loop that a worker runs, a line each; the scheduler runs whatever is exported here. */
export { compaction } from './compaction.loop.js';
export { erasures } from './erasures.loop.js';
export { eventPartitions } from './event-partitions.job.js';
