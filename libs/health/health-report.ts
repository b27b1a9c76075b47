import type { HealthRun } from './health-runs.read-model.js';
import type { CheckedVerdict, Status } from './verdict.js';

/** A run is too old after this many intervals: two may be late or lost, when a worker restarts or is busy. */
const STALE_AFTER = 3;

/** A run in the history. */
export interface PastRun {
  readonly checked_at: Date;
  readonly status: Status;
  /** Names of the checks that warn or fail. */
  readonly warn: readonly string[];
  readonly fail: readonly string[];
}

/** How the installation is. */
export interface HealthReport {
  readonly status: Status;
  readonly summary: string;
  /** When the newest run was; null: never, and there are no checks then. */
  readonly checked_at: Date | null;
  readonly age_seconds: number | null;
  /** Seconds between two runs. */
  readonly every_seconds: number | null;
  /** Of the newest run, the worst first. */
  readonly checks: readonly CheckedVerdict[];
  /** The newest first. */
  readonly history: readonly PastRun[];
}

/** Whether a run is so old that it says nothing of how the installation is now. Pure. */
export const isStale = ({ age_seconds, every_seconds }: HealthRun) =>
  age_seconds > STALE_AFTER * every_seconds;

/**
 * What is known of the installation's health. Pure.
 * @param runs the newest first
 */
export function healthReport(runs: readonly HealthRun[]): HealthReport {
  const history = runs.map(({ checked_at, status, checks }) => ({
    ...{ checked_at, status },
    ...{ warn: named(checks, 'warn'), fail: named(checks, 'fail') },
  }));
  const [newest] = runs;
  if (!newest) {
    const summary = 'No worker has checked health yet. Start a worker, and wait for HEALTH_CHECK_INTERVAL.';
    return {
      status: 'fail',
      summary,
      checked_at: null,
      age_seconds: null,
      every_seconds: null,
      checks: [],
      history,
    };
  }
  const { checked_at, age_seconds, every_seconds, status } = newest;
  const checks = (['fail', 'warn', 'ok'] as const).flatMap((one) =>
    newest.checks.filter((check) => check.status === one),
  );
  const shared = { checked_at, age_seconds, every_seconds, checks, history };
  if (isStale(newest)) {
    const summary =
      `No worker has checked health for ${duration(age_seconds)}. Start a worker, or see why none runs its jobs: without ` +
      'its queue it cannot (`GET /health/ready`).';
    return { status: 'fail', summary, ...shared };
  }
  return { status, summary: summaryOf(checks), ...shared };
}

function summaryOf(checks: readonly CheckedVerdict[]): string {
  const parts = (['fail', 'warn'] as const).flatMap((status) => {
    const names = named(checks, status);
    return names.length > 0 ? [`${status}: ${names.join(', ')}`] : [];
  });
  return parts.length > 0 ? parts.join('; ') : 'All is well.';
}

const named = (checks: readonly CheckedVerdict[], wanted: Status) =>
  checks.filter(({ status }) => status === wanted).map(({ name }) => name);

/** Such as `45 s`, `12 min` or `3 h`. Rounds down. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} days`;
}
