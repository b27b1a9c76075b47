import type { EventType } from '#catalog';
import { CountableType, createAjv } from './countable-type.js';

const type: EventType = {
  name: 'call',
  description: '',
  schema: {
    type: 'object',
    properties: {
      seconds: { type: 'number' },
      mood: { enum: ['good', 'bad'] },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['seconds'],
    additionalProperties: true,
  },
  dimensions: ['mood', 'line', 'muted'],
  measures: ['seconds', 'score'],
  session: { talkedTime: 'seconds', device: 'device', ends: true },
};
const make = (entry: EventType = type) => new CountableType(entry, createAjv());

describe('CountableType', () => {
  it.each([
    [{ seconds: 'x' }, '/payload/seconds', 'must be number'],
    [{}, '/payload/seconds', "must have required property 'seconds'"],
    [{ seconds: 1, mood: 'odd' }, '/payload/mood', 'must be one of good, bad'],
    [{ seconds: 1, tags: ['a', 2] }, '/payload/tags/1', 'must be string'],
  ])('reports the violation in %j', (payload, path, message) => {
    expect(make().check(payload)).toEqual({ code: 'schema_violation', path, message });
  });

  it('extracts scalar dimensions and numeric measures', () => {
    const payload = { seconds: 3, score: '5', mood: 'good', line: { a: 1 }, muted: false, device: 'phone' };
    expect(make().count(payload)).toEqual({
      series: {
        type: 'call',
        dimensions: { mood: 'good', muted: 'false' },
        measures: ['seconds', 'score'],
      },
      values: [3, Number.NaN],
      sessionFact: { talkedTime: 3, device: 'phone', ends: true },
    });
  });

  it('reads nothing from the prototype', () => {
    const odd = make({ ...type, dimensions: ['toString'], measures: ['constructor'], session: undefined });
    expect(odd.count({})).toEqual({
      series: { type: 'call', dimensions: {}, measures: ['constructor'] },
      values: [Number.NaN],
    });
  });

  it('returns the same series object for equal dimensions only', () => {
    const countable = make();
    const series = (payload: object) => countable.count({ seconds: 1, ...payload }).series;
    expect(series({ mood: 'good', line: '1' })).toBe(series({ line: '1', mood: 'good', other: 2 }));
    expect(series({ mood: 'good', line: '1' })).not.toBe(series({ mood: 'good', line: '2' }));
    expect(series({ mood: 'good' })).not.toBe(series({ line: 'good' }));
    expect(series({})).toBe(series({ line: null, mood: [] }));
  });

  it('is correct beyond the number of cached series', () => {
    const countable = make();
    for (let i = 0; i < 10_100; i++) {
      expect(countable.count({ seconds: 1, line: i }).series.dimensions).toEqual({ line: String(i) });
    }
  });

  it('has one series when it has no dimensions', () => {
    const plain = make({ ...type, dimensions: [] });
    expect(plain.count({ seconds: 1 }).series).toBe(plain.count({ seconds: 2, line: 'x' }).series);
  });
});
