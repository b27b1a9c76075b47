import type { CheckedVerdict, HealthRun, Verdict } from '#health';
import type { Clock, Token } from '#jobs';
import type { CheckDefinition } from './checks/define-check.js';

/** What a run of the checks needs. */
export interface Checking {
  readonly checks: readonly CheckDefinition[];
  /** Looks up what checks inject. */
  readonly provider: (token: Token) => unknown;
  readonly clock: Clock;
  /** The run before; null: this is the first. */
  readonly previous: Pick<HealthRun, 'checks'> | null;
  /** Aborts when the process is about to end. */
  readonly signal: AbortSignal;
}

/**
 * Runs all checks at once. A check that throws or takes too long has failed, and holds up no other. Those that do not apply
 * are left out.
 * @throws AbortError when the process is about to end
 */
export async function runChecks({ checks, ...checking }: Checking): Promise<CheckedVerdict[]> {
  const verdicts = await Promise.all(checks.map((check) => runCheck(check, checking)));
  checking.signal.throwIfAborted();
  return verdicts.filter((verdict) => verdict !== null);
}

async function runCheck(
  check: CheckDefinition,
  { provider, clock, previous, signal }: Omit<Checking, 'checks'>,
): Promise<CheckedVerdict | null> {
  const { name, inject, timeoutMs } = check;
  const begun = clock.now();
  const before = previous?.checks.find((one) => one.name === name)?.figures ?? null;
  const run = (own: AbortSignal) =>
    check.run({ clock, signal: own, previous: before }, ...inject.map((token) => provider(token)));
  let verdict: Verdict | null;
  try {
    verdict = await within(timeoutMs, clock, signal, run);
  } catch (error) {
    verdict = { status: 'fail', summary: failure(error as Error), figures: {} };
  }
  return verdict && { name, ...verdict, duration_ms: clock.now() - begun };
}

const failure = (error: Error) =>
  error instanceof TooSlow ? error.message : `The check could not be made: ${error.message}.`;

class TooSlow extends Error {}

/** @throws TooSlow; AbortError when the process is about to end; the error of the work */
async function within<T>(
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const timeout = clock.sleep(timeoutMs, AbortSignal.any([signal, own.signal])).then(() => {
    throw new TooSlow(
      `The check has not answered within ${timeoutMs / 1000} s: see what it asks, and whether that runs.`,
    );
  });
  try {
    return await Promise.race([work(own.signal), timeout]);
  } finally {
    own.abort();
    // It is aborted, or has won.
    await timeout.catch(() => {});
  }
}
