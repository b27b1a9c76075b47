import { type CheckedVerdict, type HealthReport, type PastRun, STATUSES } from '#health';
import {
  anyObject,
  described,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
} from '../http/openapi/schema.js';

const example: HealthReport = {
  status: 'warn',
  summary: 'warn: dead-letters',
  checked_at: new Date('2026-11-27T10:15:00.412Z'),
  ...{ age_seconds: 41.2, every_seconds: 300 },
  checks: [
    {
      ...{ name: 'dead-letters', status: 'warn', duration_ms: 4 },
      summary: '3 events have become dead letters since the check before: see dead_letters for the reason.',
      figures: { events: 15, jobs: 0, max_jobs: 10_000, more_events: 3, more_jobs: 0 },
    },
    {
      ...{ name: 'canary', status: 'ok', duration_ms: 48 },
      summary: 'An event is enqueued, stored and visible in aggregates within 44 ms.',
      figures: { enqueued_ms: 3, stored_ms: 36, counted_ms: 44, refused: false, job: null },
    },
  ],
  history: [
    { checked_at: new Date('2026-11-27T10:15:00.412Z'), status: 'warn', warn: ['dead-letters'], fail: [] },
    { checked_at: new Date('2026-11-27T10:10:00.377Z'), status: 'ok', warn: [], fail: [] },
  ],
};

const number = { type: 'number', minimum: 0 };
const status = oneOf(STATUSES);

const checkSchema = record<CheckedVerdict>('HealthCheck', {
  name: text,
  status,
  summary: described(text, 'What is wrong and what to do, in a sentence or more.'),
  figures: described(anyObject, 'What the check measured. Names end in the unit. More may be added.'),
  duration_ms: described(number, 'Milliseconds that the check took.'),
});

const pastRunSchema = record<PastRun>('HealthRun', {
  checked_at: instant,
  status,
  warn: described(listOf(text), 'Checks that warned.'),
  fail: described(listOf(text), 'Checks that failed.'),
});

/** Answer of `GET /v1/admin/health`. */
export const healthReportSchema = {
  ...record<HealthReport>('InstallationHealth', {
    status: described(
      status,
      'The worst of the checks; `fail` also when no worker has checked for three intervals.',
    ),
    summary: text,
    checked_at: described(nullable(instant), 'When the newest run ended; null: there was none yet.'),
    age_seconds: described(nullable(number), 'Seconds since then.'),
    every_seconds: described(nullable(number), '`HEALTH_CHECK_INTERVAL` of the worker that checked.'),
    checks: described(listOf(checkSchema), 'The checks of the newest run, the worst first.'),
    history: described(listOf(pastRunSchema), 'The newest run first.'),
  }),
  examples: [example],
};
