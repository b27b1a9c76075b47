import { builtInTypes } from '#catalog';
import { AGGREGATION_WINDOWS } from '#config';
import type { Problem } from '../../http/problem.js';
import { aggregateQuestion } from './aggregate-question.js';
import { AggregatesQuery } from './aggregates.query.js';

const NOW = Date.parse('2026-01-31T12:34:56Z');
const pageView = builtInTypes.find(({ name }) => name === 'page_view')!;

const question = (parameters: Partial<AggregatesQuery> = {}, kept = [...AGGREGATION_WINDOWS]) =>
  aggregateQuestion(Object.assign(new AggregatesQuery(), { type: 'page_view' }, parameters), {
    type: pageView,
    now: NOW,
    kept,
  });

const ends = ({ bounds }: { bounds: readonly number[] }) =>
  [bounds[0]!, bounds.at(-1)!].map((bound) => new Date(bound).toISOString());

function refusal(ask: () => unknown): { path: string; message: string } | undefined {
  try {
    ask();
  } catch (error) {
    return (error as Problem).errors?.[0];
  }
  throw new Error('the query was accepted');
}

describe('aggregateQuestion', () => {
  it('covers the 60 windows up to and including the current one by default', () => {
    expect(ends(question({ window: '5m' }))).toEqual([
      '2026-01-31T07:35:00.000Z',
      '2026-01-31T12:35:00.000Z',
    ]);
    expect(ends(question({ window: '1mo' }))).toEqual([
      '2021-02-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ]);
  });

  it('widens the range to whole windows', () => {
    const range = { from: '2026-01-31T10:00:00.001Z', to: '2026-01-31T11:00:00.001Z' };
    expect(ends(question({ window: '1h', ...range }))).toEqual([
      '2026-01-31T10:00:00.000Z',
      '2026-01-31T12:00:00.000Z',
    ]);
  });

  it('puts as many buckets before the range to compare with', () => {
    const range = { from: '2026-01-05T00:00:00Z', to: '2026-01-08T00:00:00Z' };
    const asked = question({ window: '1d', compare: 'previous', tz: 'Europe/Berlin', ...range });
    expect(asked.bounds).toHaveLength(9);
    expect(ends(asked)).toEqual(['2025-12-31T23:00:00.000Z', '2026-01-08T23:00:00.000Z']);
  });

  it.each([
    ['UTC', '1d'],
    ['Europe/Berlin', '1h'],
    ['America/St_Johns', '15m'],
    ['Asia/Kathmandu', '15m'],
  ])('reads days in %s from windows of %s', (tz, stored) => {
    expect(question({ window: '1d', tz }).stored).toBe(stored);
    expect(question({ window: '1mo', tz }, ['1m', '1h', '1d']).stored).toBe(stored === '15m' ? '1m' : stored);
  });

  it('refuses days that are not made of kept windows', () => {
    expect(refusal(() => question({ window: '1d', tz: 'Asia/Kathmandu' }, ['1h', '1d']))?.path).toBe('tz');
  });

  it('refuses more than 10,000 buckets and says what to do', () => {
    const from = '2016-01-31T12:00:00Z';
    expect(refusal(() => question({ window: '1m', from }))).toMatchObject({
      path: 'from',
      message: expect.stringContaining('longer window'),
    });
    expect(ends(question({ window: '1d', from }))[0]).toBe('2016-01-31T00:00:00.000Z');
  });

  it('refuses windows that end in the year 10000', () => {
    const range = { from: '9999-12-31T00:00:00Z', to: '9999-12-31T01:00:00Z' };
    expect(refusal(() => question({ window: '1d', ...range }))?.path).toBe('to');
  });
});
