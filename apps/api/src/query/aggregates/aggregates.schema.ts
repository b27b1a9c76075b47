import { AGGREGATION_WINDOWS } from '#config';
import { STATISTICS } from '#rollups';
import { described, instant, listOf, nullable, oneOf, record, text } from '../../http/openapi/schema.js';
import type { renderAggregates } from './render-aggregates.js';

type Aggregates = ReturnType<typeof renderAggregates>;
type Series = Aggregates['series'][number];

const number = { type: ['number', 'null'] };

const pointSchema = {
  title: 'AggregatePoint',
  type: 'object',
  description: 'Only the statistics in `stats`.',
  properties: { bucket: instant, ...Object.fromEntries(STATISTICS.map((name) => [name, number])) },
  required: ['bucket'],
};

const seriesSchema = record<Series>('AggregateSeries', {
  group: {
    type: 'object',
    additionalProperties: nullable(text),
    description: 'Value of each dimension of `group_by`.',
  },
  points: listOf(pointSchema),
});

/** Answer to an aggregates query. */
export const aggregatesSchema = record<Aggregates>('Aggregates', {
  type: text,
  measure: nullable(text),
  window: oneOf(AGGREGATION_WINDOWS),
  from: instant,
  to: instant,
  source: oneOf(['rollups', 'raw']),
  series: listOf(seriesSchema),
  next_cursor: described(nullable(text), '`cursor` of the next page; null on the last page.'),
});
