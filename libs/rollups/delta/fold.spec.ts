import fc from 'fast-check';
import type { Series, SessionFact } from '#batch';
import { compactSeries, compactSessions, compactUserDays } from '../compaction/compact.js';
import { fold } from './fold.js';
import type { FoldInput } from './fold-input.js';
import { WINDOW_SECONDS } from './windows.js';

interface Sample {
  readonly ts: number;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly series: Series;
  readonly values: readonly number[];
  readonly fact: SessionFact | undefined;
}

const start = Date.UTC(2026, 0, 31, 23, 50);
/** Sums of whole numbers are exact in any order, so rows can be compared for equality. */
const value = fc.oneof(fc.integer({ min: -1000, max: 1_000_000 }), fc.constant(Number.NaN));
const sample: fc.Arbitrary<Sample> = fc.record({
  ts: fc.integer({ min: start, max: start + 1_200_000 }),
  userId: fc.option(fc.constantFrom('ada', 'grace', '\uffee', '𝒳')),
  sessionId: fc.option(fc.constantFrom('s1', 's2', 's3')),
  series: fc.record({
    type: fc.constantFrom('a', 'b'),
    dimensions: fc.constantFrom<Record<string, string>[]>(
      { x: '1', y: '2' },
      { y: '2', x: '1' },
      { x: '1' },
      {},
    ),
    measures: fc.constant(['m', 'n']),
  }),
  values: fc.tuple(value, value),
  fact: fc.option(
    fc.record(
      {
        talkedTime: fc.nat(100),
        device: fc.constantFrom('phone', '\uffee', '𝒳'),
        ends: fc.constant(true as const),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
});

function inputOf(samples: readonly Sample[]): FoldInput {
  return {
    count: samples.length,
    ts: samples.map(({ ts }) => ts),
    userIds: samples.map(({ userId }) => userId),
    sessionIds: samples.map(({ sessionId }) => sessionId),
    series: samples.map(({ series }) => series),
    seriesIndexes: samples.map((_, i) => i),
    values: samples.flatMap(({ values }) => values),
    sessionFacts: new Map(samples.flatMap(({ fact }, i) => (fact ? [[i, fact] as const] : []))),
    skipped: samples.map(() => 0),
  };
}

/** Folds each group into deltas, passes them through JSON as PostgreSQL does, and compacts them all. */
function rowsOf(groups: readonly (readonly Sample[])[]) {
  const deltas = groups.map((group) => fold([inputOf(group)]));
  const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  const rollups = ['a', 'b'].flatMap((type) =>
    compactSeries(
      type,
      sent(deltas.flatMap(({ types }) => types.get(type) ?? [])),
      Object.values(WINDOW_SECONDS),
    ),
  );
  const bySession = (a: { session_id: string }, b: { session_id: string }) =>
    a.session_id < b.session_id ? -1 : 1;
  return {
    rollups: rollups.map(({ measurement, ...row }) => ({
      ...row,
      ...(measurement && {
        ...measurement,
        sketch: measurement.sketch.encode().toString('hex'),
      }),
    })),
    sessions: compactSessions(sent(deltas.flatMap(({ sessions }) => sessions))).sort(bySession),
    userDays: compactUserDays(sent(deltas.flatMap(({ userDays }) => userDays)))
      .map(({ day, user_id, first, last }) => `${day} ${user_id} ${first} ${last}`)
      .sort(),
  };
}

describe('fold and compaction', () => {
  const grouped = fc.array(fc.tuple(sample, fc.nat(), fc.nat(3)), { maxLength: 40 });

  it('produce the same rows for any order and grouping of the same events', () => {
    fc.assert(
      fc.property(grouped, (placed) => {
        const inOrder = placed.map(([one]) => one);
        const shuffled = [...placed].sort((a, b) => a[1] - b[1]);
        const groups = [0, 1, 2, 3].map((group) =>
          shuffled.filter((p) => p[2] === group).map(([one]) => one),
        );
        expect(rowsOf(groups)).toEqual(rowsOf([inOrder]));
      }),
    );
  });

  it('count every event in every window, and every value under its measure', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
        const { rollups } = rowsOf([samples]);
        for (const windowSeconds of Object.values(WINDOW_SECONDS)) {
          const counted = (measure: string) =>
            rollups
              .filter((row) => row.windowSeconds === windowSeconds && row.measure === measure)
              .reduce((sum, row) => sum + row.count, 0);
          expect(counted('')).toBe(samples.length);
          expect(counted('m')).toBe(samples.filter(({ values }) => !Number.isNaN(values[0])).length);
        }
      }),
    );
  });

  it('leave out skipped events', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, fc.boolean()), { maxLength: 20 }), (marked) => {
        const input = inputOf(marked.map(([one]) => one));
        const { types, sessions, userDays } = fold([
          { ...input, skipped: marked.map(([, skip]) => Number(skip)) },
        ]);
        const kept = fold([inputOf(marked.filter(([, skip]) => !skip).map(([one]) => one))]);
        expect({ types, sessions, userDays }).toEqual(kept);
      }),
    );
  });
});
