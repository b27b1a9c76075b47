import type { JsonSchema } from '#catalog';
import { QUERY_WINDOWS, STATISTICS } from '#rollups';
import { described, instant, listOf, oneOf, record, text } from '../../http/openapi/schema.js';
import { aggregatesSchema } from '../aggregates/aggregates.schema.js';

const properties = aggregatesSchema.properties as Record<string, JsonSchema>;

/** Answer to several queries. */
export const queryResultsSchema = record<{ results: unknown }>('QueryResults', {
  results: listOf({
    ...aggregatesSchema,
    title: 'NamedAggregates',
    properties: { name: text, ...properties },
    required: ['name', ...(aggregatesSchema.required as string[])],
  }),
});

/** Body of `POST /v1/query`. */
export const queryBodySchema = {
  type: 'object',
  required: ['queries'],
  properties: {
    queries: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        required: ['name', 'type'],
        properties: {
          name: described(text, 'Names the answer.'),
          type: text,
          measure: text,
          window: oneOf(QUERY_WINDOWS),
          from: instant,
          to: instant,
          group_by: listOf(text),
          where: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
          stats: listOf(oneOf(STATISTICS)),
          user_id: text,
          tz: text,
          fill: oneOf(['none', 'zero', 'null']),
          compare: oneOf(['previous']),
          order_by: text,
          rest: { type: 'boolean' },
          limit: { type: 'integer', minimum: 1, maximum: 1000 },
          cursor: text,
        },
      },
    },
  },
};

export const queryExample = {
  queries: [
    {
      name: 'views',
      type: 'page_view',
      window: '1h',
      group_by: ['page'],
      order_by: '-count',
      limit: 5,
      rest: true,
    },
    {
      name: 'errors',
      type: 'command_execution',
      measure: 'execution_time_ms',
      window: '1d',
      where: { status: 'error' },
      stats: ['count', 'p95'],
      compare: 'previous',
    },
  ],
};
