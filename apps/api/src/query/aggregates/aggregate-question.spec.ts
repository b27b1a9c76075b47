import { builtInTypes } from '#catalog';
import type { Problem } from '../../http/problem.js';
import { aggregateQuestion } from './aggregate-question.js';
import { AggregatesQuery } from './aggregates.query.js';

const NOW = Date.parse('2026-01-31T12:34:56Z');
const pageView = builtInTypes.find(({ name }) => name === 'page_view')!;

const asked = (parameters: Partial<AggregatesQuery> = {}) =>
  Object.assign(new AggregatesQuery(), { type: 'page_view' }, parameters);

const question = (parameters: Partial<AggregatesQuery> = {}, where = {}) =>
  aggregateQuestion(asked(parameters), where, pageView, NOW);

function errorPaths(ask: () => unknown): string[] {
  try {
    ask();
  } catch (error) {
    return ((error as Problem).errors ?? []).map(({ path }) => path);
  }
  throw new Error('the query was accepted');
}

describe('aggregateQuestion', () => {
  it('covers the 60 windows up to and including the current one by default', () => {
    const { from, to } = question({ window: '5m' });
    expect(new Date(from).toISOString()).toBe('2026-01-31T07:35:00.000Z');
    expect(new Date(to).toISOString()).toBe('2026-01-31T12:35:00.000Z');
  });

  it('widens the range to whole windows', () => {
    const { from, to } = question({
      window: '1h',
      from: '2026-01-31T10:00:00.001Z',
      to: '2026-01-31T11:00:00.001Z',
    });
    expect(new Date(from).toISOString()).toBe('2026-01-31T10:00:00.000Z');
    expect(new Date(to).toISOString()).toBe('2026-01-31T12:00:00.000Z');
  });

  it('names every parameter that does not fit the event type', () => {
    const parameters = { measure: 'weight', group_by: ['color'] };
    expect(errorPaths(() => question(parameters, { size: 'xl' }))).toEqual([
      'measure',
      'group_by',
      'where[size]',
    ]);
    expect(errorPaths(() => question({ stats: ['p99'] }))).toEqual(['stats']);
    expect(errorPaths(() => aggregateQuestion(asked(), {}, undefined, NOW))).toEqual(['type']);
  });

  it('refuses more than 10,000 windows, and windows that end in the year 10000', () => {
    expect(errorPaths(() => question({ from: '2026-01-01T00:00:00Z', to: '2026-01-07T22:41:00Z' }))).toEqual([
      'from',
    ]);
    expect(
      errorPaths(() => question({ window: '1d', from: '9999-12-31T00:00:00Z', to: '9999-12-31T01:00:00Z' })),
    ).toEqual(['to']);
  });
});
