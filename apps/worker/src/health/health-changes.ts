import type { CheckedVerdict } from '#health';

/**
 * What to log after a run: a check that has begun to fail or fails for another reason, and one that no longer fails. A
 * failure that stays is logged once, whichever workers check. Pure.
 */
export function healthChanges(
  before: readonly CheckedVerdict[],
  now: readonly CheckedVerdict[],
): { readonly failures: string[]; readonly recoveries: string[] } {
  const failing = (checks: readonly CheckedVerdict[]) => checks.filter(({ status }) => status === 'fail');
  const known = new Map(failing(before).map(({ name, summary }) => [name, withoutNumbers(summary)]));
  const fails = failing(now);
  return {
    failures: fails
      .filter(({ name, summary }) => known.get(name) !== withoutNumbers(summary))
      .map(({ name, summary }) => `${name}: ${summary}`),
    recoveries: [...known.keys()].filter((name) => !fails.some((check) => check.name === name)),
  };
}

/** The same failure has other figures each time. */
const withoutNumbers = (summary: string) => summary.replace(/\d[\d.:TZ-]*/g, '');
