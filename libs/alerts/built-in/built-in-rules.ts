import { type BuiltInRule, figure, reaches } from './built-in-rule.js';

/** Events of the last hour that PostgreSQL refused, as a share of those received. */
const ERROR_RATE = 0.01;
/** Seconds that a job of events may wait. */
const OLDEST_JOB = 60;

/** Rules about the installation, one per line; each fires for what the last run of the health checks found. */
export const BUILT_IN_RULES: readonly BuiltInRule[] = [
  figure('ledger-unbalanced', 'ledger', ({ unbalanced }) => Number(unbalanced) > 0),
  figure(
    'error-rate',
    'ledger',
    ({ dead_lettered, received }) => Number(dead_lettered) > Number(received) * ERROR_RATE,
  ),
  figure('oldest-job', 'queues', ({ ingest }) => Number(Object(ingest).oldest_seconds) > OLDEST_JOB),
  figure(
    'dead-letters-growing',
    'dead-letters',
    ({ more_events, more_jobs }) => Number(more_events) + Number(more_jobs) > 0,
  ),
  reaches('queue-stuck', 'queues', 'fail'),
  reaches('disk', 'disk', 'warn'),
  reaches('job-missed', 'jobs', 'fail'),
  reaches('canary-late', 'canary', 'warn'),
  reaches('worker-lost', 'workers', 'warn'),
  reaches('database', 'database', 'fail'),
  reaches('redis', 'redis', 'fail'),
  reaches('partitions', 'partitions', 'warn'),
  reaches('clock', 'clock', 'fail'),
];
