import type { AlertReport } from '#alerts';

/** Alerts as lines for people, in columns: state, since when, rule, what was found; then notifications that failed. Pure. */
export function alertLines(alerts: readonly AlertReport[]): string[] {
  if (alerts.length === 0) return ['No alert has fired.'];
  const width = Math.max(...alerts.map(({ rule }) => rule.length));
  return alerts.flatMap(({ state, fired_at, resolved_at, rule, summary, notifications }) => [
    `${state.padEnd(8)}  ${(resolved_at ?? fired_at)?.toISOString()}  ${rule.padEnd(width)}  ${summary}`,
    ...notifications
      .filter(({ status }) => status !== 'sent')
      .map(({ channel, event, status, attempts }) => {
        const said = attempts.at(-1)?.said;
        return `          ${event} through ${channel}: ${status}${said === undefined ? '' : `, ${said}`}`;
      }),
  ]);
}
