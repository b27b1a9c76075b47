import type { Line } from '../report.js';

const shape = (name: string, what: string): Line[] => [
  [what, `${name}_events_per_s`, 'events/s', 'about 12,000'],
  ['    memory of the worker, highest', `${name}_worker_max_mb`, 'MB', 'at most 220'],
  ['    95 % of the time below', `${name}_worker_p95_mb`, 'MB'],
  ['    CPU: worker', `${name}_cpu_s_per_million_worker`, 's per million events'],
  ['    CPU: PostgreSQL', `${name}_cpu_s_per_million_postgres`, 's per million events'],
];

/** The table of `npm run bench -- soak`. */
export const SOAK_LINES: readonly Line[] = [
  ...shape('usual', '100,000 sessions of 20,000 users'),
  ...shape('large', '1 million sessions of 500,000 users'),
  ['full rate with scheduled jobs, against paused ones', 'jobs_on_ratio', '', 'at least 0.98'],
];
