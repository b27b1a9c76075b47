import { STATISTICS } from '#rollups';
import { described, instant, listOf, nullable, oneOf, record, text } from '../../http/openapi/schema.js';
import type { OwnMetric } from './metric-definitions.store.js';

const where = {
  type: 'object',
  additionalProperties: { type: ['string', 'null'] },
  description: 'Dimension → required value; null: the event has no such dimension.',
  examples: [{ page: '/pricing' }],
};
const group_by = { ...listOf(text), maxItems: 1, examples: [['device']] };
const type = { ...text, description: 'Event type.', examples: ['page_view'] };

/** A metric of an organization's own in API responses. */
export const ownMetricSchema = record<OwnMetric>('OwnMetric', {
  name: { ...text, examples: ['pricing-views'] },
  type,
  measure: { ...nullable(text), description: 'Null: events are counted.', examples: [null] },
  stat: { ...oneOf(STATISTICS) },
  where,
  group_by: described(group_by, 'The dimension by which it is computed beside its total.'),
  updated_at: instant,
});

/** Body of `PUT /v1/daily-metrics/definitions/:name`. */
export const definitionBody = {
  type: 'object',
  required: ['type'],
  properties: {
    type,
    measure: { type: 'string', description: 'A measure of the type. Without one, events are counted.' },
    stat: {
      type: 'string',
      enum: STATISTICS,
      description: 'Required with a measure; without one it is `count`.',
    },
    where: { ...where, additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
    group_by: { ...group_by, description: 'At most one dimension of the type.' },
  },
};
