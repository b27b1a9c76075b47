import type { JsonSchema } from '#catalog';
import type {
  PeriodFigures,
  Quality,
  Report,
  ReportDay,
  ReportEntry,
  ReportUser,
  StoredReport,
  TopName,
  TypeFigures,
  UnusualDay,
  ValueCount,
  Watermark,
} from '#reports';
import {
  count,
  described,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
  uuid,
} from '../http/openapi/schema.js';

const number: JsonSchema = { type: 'number' };
const date: JsonSchema = { type: 'string', format: 'date' };
const share = described(nullable(number), 'Null without any.');

const figures: { readonly [K in keyof PeriodFigures]: JsonSchema } = {
  events: count,
  active_users: count,
  new_users: described(count, 'Active for the first time ever.'),
  commands: count,
  agents: count,
  errors: described(count, 'Of commands and agents: status `error` or `timeout`.'),
  error_rate: share,
  reported_errors: described(count, 'Events `error_occurred`.'),
  avg_execution_time_ms: nullable(number),
  p50_execution_time_ms: nullable(number),
  p95_execution_time_ms: nullable(number),
  p99_execution_time_ms: nullable(number),
  input_tokens: number,
  output_tokens: number,
  sessions: described(count, 'Started in the period.'),
  avg_session_seconds: nullable(number),
  talked_seconds: number,
};

const figuresSchema = record<PeriodFigures>('PeriodFigures', figures);

const changeSchema = record<PeriodFigures>(
  'Changes',
  Object.fromEntries(Object.keys(figures).map((name) => [name, nullable(number)])) as typeof figures,
);

const daySchema = record<ReportDay>('ReportDay', {
  ...{ day: date, events: count, active_users: count, new_users: count, errors: count },
});

const unusualSchema = record<UnusualDay>('UnusualDay', {
  ...{ day: date, figure: oneOf(['events', 'active_users', 'errors']) },
  value: { ...count, examples: [1200] },
  usual: described(number, 'Median of the days of the eight weeks before.'),
  text: described(text, 'The same in words.'),
});

const topSchema = record<TopName>('TopName', {
  ...{ name: nullable(text), count, errors: count, error_rate: share },
  ...{ p50_execution_time_ms: nullable(number), p95_execution_time_ms: nullable(number) },
});

const typeSchema = record<TypeFigures>('TypeFigures', { type: text, count, previous: count });
const valueSchema = record<ValueCount>('ValueCount', {
  value: { ...nullable(text), examples: ['phone'], description: 'Null: they have none.' },
  count,
});

const userSchema = record<ReportUser>('ReportUser', {
  ...{
    user_id: text,
    name: nullable(text),
    sessions: count,
    talked_seconds: number,
    last_session_at: instant,
  },
});

const letterSchema = record<Quality['dead_letters'][number]>('DeadLetterCount', { code: text, count });
const rejectionSchema = record<Quality['rejections'][number]>('RejectionCount', { code: text, count });

const qualitySchema = record<Quality>('Quality', {
  ...{ received: count, stored: count, duplicate: count, dead_lettered: count },
  rejected: described(count, 'Events that intake refused. They are not among those received.'),
  rejections: described(listOf(rejectionSchema), 'The same by code.'),
  dead_letters: described(listOf(letterSchema), 'Those that are still there, by code.'),
  types_with_other_series: described(
    listOf(text),
    'Event types with so many series on some day that further ones were counted under `__other__`.',
  ),
});

const periodSchema = record<Report['period']>('ReportedPeriod', {
  ...{ start: instant, end: described(instant, 'Exclusive.'), time_zone: text },
});

const entry = {
  id: uuid,
  kind: oneOf(['weekly', 'monthly']),
  period: periodSchema,
  computed_at: instant,
  late_events: described(count, 'Events that came after the report was first computed.'),
};

/** A report in a list. */
export const reportEntrySchema = record<ReportEntry>('ReportEntry', entry);

/** A report in API responses. */
export const reportSchema = record<StoredReport>('Report', {
  ...entry,
  watermark: described(
    record<Watermark>('Watermark', { events: count, erasures: count }),
    'What the report was computed from: events of the period and the eight weeks before, and erasures.',
  ),
  ...{ totals: figuresSchema, previous: figuresSchema },
  change: described(changeSchema, 'Against the period before, as a share of it; null where that was 0.'),
  days: listOf(daySchema),
  unusual: described(listOf(unusualSchema), 'Days beyond three robust deviations of the eight weeks before.'),
  ...{ top_commands: listOf(topSchema), top_agents: listOf(topSchema), event_types: listOf(typeSchema) },
  ...{ devices: listOf(valueSchema), sentiments: listOf(valueSchema) },
  users: described(listOf(userSchema), 'Users with the most sessions, at most 10,000.'),
  users_with_sessions: count,
  quality: qualitySchema,
});
