import fc from 'fast-check';
import { type CountedRejections, RejectionCounts } from './rejection-counts.js';

const QUARTER_MS = 900_000;
const SILENT = { log: () => {}, warn: () => {} };

const request = fc.record({
  organization: fc.constantFrom('a', 'b', 'c'),
  codes: fc.array(fc.constantFrom('invalid_event', 'unknown_type'), { maxLength: 5 }),
  now: fc.integer({ min: 0, max: 3 * QUARTER_MS }),
  /** Whether everything is written afterwards, and for which organization that fails. */
  written: fc.constantFrom('no', 'yes', 'a', 'b'),
});

it('writes every rejection once, however often a write fails', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (requests) => {
      const stored = new Map<string, number>();
      let broken = '';
      const write = async (organization: string, counted: readonly CountedRejections[]) => {
        if (organization === broken) throw new Error('the database is away');
        for (const { bucket, code, events } of counted) {
          const key = `${organization} ${bucket} ${code}`;
          stored.set(key, (stored.get(key) ?? 0) + events);
        }
      };
      const counts = new RejectionCounts(write, SILENT);
      const expected = new Map<string, number>();
      for (const { organization, codes, now, written } of requests) {
        counts.add(
          organization,
          codes.map((code) => ({ code })),
          now,
        );
        for (const code of codes) {
          const key = `${organization} ${now - (now % QUARTER_MS)} ${code}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        broken = written;
        if (written !== 'no') await counts.flush();
      }
      broken = '';
      await counts.stop();
      expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(expected));
    }),
  );
});
