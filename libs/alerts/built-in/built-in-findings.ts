import { type HealthRun, healthReport, isStale } from '#health';
import { BUILT_IN_RULES } from './built-in-rules.js';

/** The rule that looks at the checks themselves: whether they are made. */
const NOT_CHECKED = 'health-not-checked';

/** What a built-in rule found. */
export interface BuiltInFinding {
  readonly rule: string;
  /** Null: not known, because there was no such check lately. */
  readonly holds: boolean | null;
  readonly summary: string;
}

/** Every built-in rule after the last run of the health checks; null: there was none yet. Pure. */
export function builtInFindings(run: HealthRun | null): BuiltInFinding[] {
  const stale = run !== null && isStale(run);
  const rules = BUILT_IN_RULES.map(({ name, check, holds }) => {
    const verdict = stale ? undefined : run?.checks.find((one) => one.name === check);
    return { rule: name, holds: verdict ? holds(verdict) : null, summary: verdict?.summary ?? '' };
  });
  const { summary } = healthReport(run ? [run] : []);
  return [...rules, { rule: NOT_CHECKED, holds: run === null ? null : stale, summary }];
}
