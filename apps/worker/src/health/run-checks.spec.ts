import type { CheckedVerdict, Verdict } from '#health';
import { ManualClock, turn } from '../../../../test/support/manual-clock.js';
import { type CheckContext, defineCheck } from './checks/define-check.js';
import { runChecks } from './run-checks.js';

class Thermometer {
  readonly degrees = 21;
}

const verdict = (summary: string): Verdict => ({ status: 'ok', summary, figures: {} });
const warm = defineCheck({
  name: 'warm',
  inject: [Thermometer],
  run: async (_context, { degrees }) => verdict(`${degrees} degrees`),
});

describe('runChecks', () => {
  let clock: ManualClock;
  let shutdown: AbortController;

  beforeEach(() => {
    clock = new ManualClock();
    shutdown = new AbortController();
  });

  const run = (checks: Parameters<typeof runChecks>[0]['checks'], previous: CheckedVerdict[] = []) =>
    runChecks({
      ...{ checks, clock, signal: shutdown.signal, previous: { checks: previous } },
      provider: () => new Thermometer(),
    });

  it('injects providers, and leaves out checks that do not apply', async () => {
    const absent = defineCheck({ name: 'absent', run: async () => null });
    expect(await run([absent, warm])).toEqual([{ name: 'warm', ...verdict('21 degrees'), duration_ms: 0 }]);
  });

  it('gives each check its own figures of the run before', async () => {
    const seen: unknown[] = [];
    const looks = (name: string) =>
      defineCheck({
        name,
        run: async ({ previous }) => {
          seen.push([name, previous]);
          return verdict('fine');
        },
      });
    await run([looks('a'), looks('b')], [{ name: 'b', ...verdict('x'), figures: { n: 1 }, duration_ms: 1 }]);
    expect(seen).toEqual([
      ['a', null],
      ['b', { n: 1 }],
    ]);
  });

  it('fails a check that throws or hangs, aborts it, and makes the others wait no longer', async () => {
    const contexts: CheckContext[] = [];
    const broken = defineCheck({
      name: 'broken',
      run: async () => {
        throw new Error('connection refused');
      },
    });
    const hangs = defineCheck({
      name: 'hangs',
      timeoutMs: 2500,
      run: (context) => {
        contexts.push(context);
        return new Promise(() => {});
      },
    });
    const running = run([broken, hangs, warm]);
    await clock.advance(2499);
    expect(contexts[0]!.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(contexts[0]!.signal.aborted).toBe(true);
    expect((await running).map(({ name, status, summary }) => [name, status, summary])).toEqual([
      ['broken', 'fail', 'The check could not be made: connection refused.'],
      ['hangs', 'fail', 'The check has not answered within 2.5 s: see what it asks, and whether that runs.'],
      ['warm', 'ok', '21 degrees'],
    ]);
  });

  it('ends with the process, without a verdict', async () => {
    const hangs = defineCheck({ name: 'hangs', run: () => new Promise(() => {}) });
    const running = run([hangs]);
    shutdown.abort();
    await expect(running).rejects.toThrow('aborted');
    await turn();
  });
});
