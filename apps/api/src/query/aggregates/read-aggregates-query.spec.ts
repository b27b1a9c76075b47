import { builtInTypes } from '#catalog';
import { AGGREGATION_WINDOWS } from '#config';
import { CountableType, createAjv } from '../../event-types/countable-type.js';
import { gatherConditions } from './conditions.js';
import { readAggregatesQuery } from './read-aggregates-query.js';

const ajv = createAjv();
const types = new Map(builtInTypes.map((type) => [type.name, new CountableType(type, ajv)]));

const read = (raw: Record<string, unknown>, kept = [...AGGREGATION_WINDOWS]) =>
  readAggregatesQuery(gatherConditions({ type: 'page_view', ...raw }), types, kept);

const faults = (raw: Record<string, unknown>, kept = [...AGGREGATION_WINDOWS]) => {
  const result = read(raw, kept);
  return 'errors' in result ? result.errors.map(({ path }) => path) : [];
};

describe('readAggregatesQuery', () => {
  it('names every faulty parameter at once', () => {
    const wrong = {
      measure: 'weight',
      group_by: 'page,color',
      'where[size]': 'xl',
      window: '7m',
      tz: 'Mars',
      limit: '0',
    };
    expect(faults({ ...wrong, missing: 'shape', stats: 'p42', from: 'x' }).sort()).toEqual(
      ['from', 'group_by', 'limit', 'measure', 'stats', 'tz', 'where[shape]', 'where[size]', 'window'].sort(),
    );
    expect(faults({ type: 'nope', limit: '0' })).toEqual(['limit', 'type']);
  });

  it('refuses statistics without a measure, rest without an order, and windows that are not kept', () => {
    expect(faults({ stats: 'p99' })).toEqual(['stats']);
    expect(faults({ order_by: '-sum' })).toEqual(['order_by']);
    expect(faults({ rest: 'true' })).toEqual(['rest']);
    expect(faults({ window: '5m' }, ['1m'])).toEqual(['window']);
    expect(faults({ window: '1w' }, ['1m'])).toEqual([]);
  });

  it('gathers conditions, with null for missing dimensions', () => {
    expect(read({ 'where[page]': '', missing: 'status' })).toMatchObject({
      query: { where: { page: '', status: null } },
    });
    expect(read({ where: { page: 'x'.repeat(300), status: 404 } })).toMatchObject({
      query: { where: { page: expect.stringMatching(/^x{40}…/), status: '404' } },
    });
    expect(read({ where: { page: null } })).toMatchObject({ query: { where: { page: null } } });
    expect(faults({ where: { page: {} } })).toEqual(['where']);
    expect(faults({ where: 'page' })).toEqual(['where']);
    expect(() => read({ 'where[page]': '/', missing: 'page' })).toThrow('The query is invalid');
  });
});
