import { COMPARISONS } from '#alerts';
import type { JsonSchema } from '#catalog';
import { AGGREGATION_WINDOWS } from '#config';
import { STATISTICS } from '#rollups';
import {
  count,
  described,
  flag,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
  uuid,
} from '../../http/openapi/schema.js';
import { MAX_CHANNELS, MAX_NAME } from '../channels/limits.js';
import { RULE_KINDS } from './alert-rule.body.js';
import type { StoredRule } from './alert-rule.js';

const number: JsonSchema = { type: 'number' };
const kind = described(
  oneOf(RULE_KINDS),
  '`threshold`: a statistic compares with a number. `no_events`: none came.',
);
const type = { ...text, examples: ['command_execution'] };
const where = {
  type: 'object',
  additionalProperties: { type: ['string', 'null'] },
  description: 'Dimension → required value; null: the event has no such dimension.',
  examples: [{ status: 'error' }],
};
const timing = {
  for_seconds: described({ ...count, maximum: 86_400 }, 'For how long the condition must hold.'),
  repeat_seconds: described(
    { ...nullable({ type: 'integer', minimum: 60, maximum: 604_800 }), examples: [14_400] },
    'After how long people are told again while it holds; null: never.',
  ),
  channels: described(
    { ...nullable(listOf(text)), maxItems: MAX_CHANNELS, examples: [null] },
    'Names of channels; null: all of the organization.',
  ),
  enabled: described(flag, 'A rule that is switched off is not evaluated, and its alert ends.'),
};
const threshold = {
  measure: described({ ...nullable(text), examples: [null] }, 'Null: events are counted.'),
  stat: oneOf(STATISTICS),
  window: {
    ...oneOf(AGGREGATION_WINDOWS),
    examples: ['5m'],
    description: 'The last minutes, the present one included. A day moves on every quarter of an hour.',
  },
  comparison: oneOf(COMPARISONS),
  threshold: { ...number, examples: [10] },
};
const minutes: JsonSchema = { type: 'integer', minimum: 1, maximum: 1440 };

type Shown = Omit<StoredRule, 'condition' | 'revision'> &
  Readonly<
    Record<
      'kind' | 'type' | 'measure' | 'stat' | 'where' | 'window' | 'comparison' | 'threshold' | 'minutes',
      unknown
    >
  >;

/** A rule in API responses. */
export const alertRuleSchema = record<Shown>(
  'AlertRule',
  {
    ...{ id: uuid, name: { ...text, examples: ['Many errors'] }, kind },
    type: described(nullable(type), 'Event type; null with `no_events`: any.'),
    ...{ where, ...threshold, minutes: described(minutes, 'With `no_events`.') },
    ...timing,
    ...{ created_at: instant, updated_at: instant },
    evaluated_at: described(nullable(instant), 'The last evaluation; null: none yet.'),
    value: described(
      nullable(number),
      'What it found; null: nothing to compare. With `no_events`, 0 or more.',
    ),
    error: described(
      { ...nullable(text), examples: [null] },
      'Why it failed; null: it did not. Its alert stays as it was.',
    ),
  },
  ['measure', 'stat', 'window', 'comparison', 'threshold', 'minutes'],
);

const conditions = {
  type: described(type, 'Event type. Without one, `no_events` is about all.'),
  where: { ...where, additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  ...threshold,
  stat: described(threshold.stat, 'Required with a measure; without one it is `count`.'),
  minutes: described(minutes, 'Required with `no_events`.'),
};
const fields = { name: { ...text, minLength: 1, maxLength: MAX_NAME }, kind, ...conditions, ...timing };

/** Body of `POST /v1/alert-rules`. */
export const newAlertRuleBody = { type: 'object', required: ['name', 'kind'], properties: fields };

/** Body of `PATCH /v1/alert-rules/:id`. */
export const alertRuleChangeBody = { type: 'object', properties: fields };

export const MANY_ERRORS = {
  ...{ name: 'Many errors', kind: 'threshold', type: 'command_execution', where: { status: 'error' } },
  ...{ window: '5m', comparison: '>', threshold: 10, for_seconds: 300 },
};
export const NO_VOICE = { name: 'No voice', kind: 'no_events', type: 'voice_metric', minutes: 30 };
