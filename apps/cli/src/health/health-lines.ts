import { duration, type HealthReport } from '#health';

/** A report as lines for people: the status, then each check, in columns. Pure. */
export function healthLines({ status, summary, checked_at, age_seconds, checks }: HealthReport): string[] {
  const when = checked_at === null ? '' : ` (${checked_at.toISOString()}, ${duration(age_seconds ?? 0)} ago)`;
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  return [
    `${status.padEnd(4)}  ${summary}${when}`,
    ...checks.map((check) => `${check.status.padEnd(4)}  ${check.name.padEnd(width)}  ${check.summary}`),
  ];
}
