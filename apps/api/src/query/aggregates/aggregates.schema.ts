import { QUERY_WINDOWS, STATISTICS } from '#rollups';
import { described, instant, listOf, nullable, oneOf, record, text } from '../../http/openapi/schema.js';
import type { Aggregates } from './render-aggregates.js';

type Series = Aggregates['series'][number];

const number = { type: ['number', 'null'] };
const statistics = Object.fromEntries(STATISTICS.map((name) => [name, number]));

const pointSchema = {
  title: 'AggregatePoint',
  type: 'object',
  description: 'Only the statistics in `stats`.',
  properties: { bucket: instant, ...statistics },
  required: ['bucket'],
};

const periodSchema = record<Required<Pick<Series, 'total' | 'points'>>>('AggregatePeriod', {
  total: { type: 'object', description: 'The statistics of the whole range.', properties: statistics },
  points: listOf(pointSchema),
});

const seriesSchema = record<Required<Series>>(
  'AggregateSeries',
  {
    group: {
      type: 'object',
      additionalProperties: nullable(text),
      description: 'Value of each dimension of `group_by`.',
    },
    total: { type: 'object', description: 'The statistics of the whole range.', properties: statistics },
    points: listOf(pointSchema),
    previous: described(periodSchema, 'The same group in the period before.'),
  },
  ['previous'],
);

/** Answer to an aggregates query. */
export const aggregatesSchema = record<Required<Aggregates>>(
  'Aggregates',
  {
    type: text,
    measure: nullable(text),
    window: oneOf(QUERY_WINDOWS),
    tz: text,
    from: instant,
    to: instant,
    source: oneOf(['rollups', 'raw']),
    gone_before: described(
      instant,
      'Only when the range, or the period before, begins earlier: retention has deleted what this window had before this ' +
        'instant. A longer window may still have it, and totals may still count it.',
    ),
    previous: described(
      record<{ from: string; to: string }>('AggregateRange', { from: instant, to: instant }),
      'With `compare=previous`, the period before. Its n-th bucket is to compare with the n-th bucket of the range.',
    ),
    series: listOf(seriesSchema),
    next_cursor: described(nullable(text), '`cursor` of the next page; null on the last page.'),
  },
  ['gone_before', 'previous'],
);
