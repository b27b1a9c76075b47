import type { JsonSchema } from '#catalog';
import {
  count,
  described,
  instant,
  listOf,
  nullable,
  oneOf,
  record,
  text,
} from '../../../http/openapi/schema.js';
import type { Funnel, GroupFunnel, ReachedStep } from './render-funnel.js';

const share: JsonSchema = { type: ['number', 'null'], minimum: 0, maximum: 1 };
const values: JsonSchema = { type: 'object', additionalProperties: nullable(text) };

const stepSchema = record<ReachedStep>('FunnelStepUsers', {
  type: text,
  where: values,
  users: described(count, 'Users who reached the step.'),
  share: described(share, 'Of the users of the first step; null when there are none.'),
  share_of_previous: described(share, 'Of the users of the step before.'),
});

const groupSchema = record<GroupFunnel>('FunnelGroup', {
  group: described(values, 'Value of the dimension; null for events without it.'),
  steps: listOf(stepSchema),
});

/** A funnel in API responses. */
export const funnelSchema = record<Required<Funnel>>(
  'Funnel',
  {
    from: instant,
    to: instant,
    within_seconds: { type: 'number' },
    source: oneOf(['raw']),
    events_read: described(count, 'Events that fit a step and have a user.'),
    steps: listOf(stepSchema),
    groups: described(listOf(groupSchema), 'With `group_by`: those with the most users first.'),
  },
  ['groups'],
);

/** Body of `POST /v1/funnel`. */
export const funnelBodySchema: JsonSchema = {
  type: 'object',
  required: ['steps'],
  additionalProperties: false,
  properties: {
    steps: {
      type: 'array',
      minItems: 2,
      maxItems: 8,
      items: {
        type: 'object',
        required: ['type'],
        additionalProperties: false,
        properties: {
          type: text,
          where: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
        },
      },
    },
    within: { type: 'string', default: '1d', description: '`90s`, `30m`, `12h` or `7d`; at most 31 days.' },
    from: instant,
    to: instant,
    group_by: described(text, 'A dimension of the first step.'),
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  },
};

/** An example of it in /docs. */
export const funnelExample = {
  steps: [{ type: 'page_view', where: { page: '/pricing' } }, { type: 'form_submit' }],
  within: '1h',
};
