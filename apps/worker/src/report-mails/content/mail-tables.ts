import type { StoredReport, TopName } from '#reports';
import { amount, duration, milliseconds, named, share, shortInstant } from './wording.js';

/** The first column is text, the others are numbers. */
export interface MailTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Small screens have no room for the last column. */
  readonly isWide?: true;
}

/** Longer tables are for the API: mail programs cut mails of more than 100 kB. */
const ROWS = 10;
const UNNAMED = '(no name)';

/**
 * The tables of a report that have rows. Pure.
 * @param unit `week` or `month`
 */
export function tablesOf(report: StoredReport, unit: string): MailTable[] {
  const { event_types, users, users_with_sessions, period } = report;
  const top = (title: string, names: readonly TopName[]): MailTable => ({
    title,
    columns: ['Name', 'Count', 'Errors', 'p95'],
    rows: names
      .slice(0, ROWS)
      .map((one) => [
        one.name === null ? UNNAMED : named(one.name),
        amount(one.count),
        share(one.error_rate),
        milliseconds(one.p95_execution_time_ms),
      ]),
  });
  const tables: MailTable[] = [
    top('Commands', report.top_commands),
    top('Agents', report.top_agents),
    {
      title: 'Event types',
      columns: ['Type', 'Count', `The ${unit} before`],
      rows: event_types
        .slice(0, ROWS)
        .map(({ type, count, previous }) => [named(type), amount(count), amount(previous)]),
    },
    {
      title:
        users_with_sessions > ROWS ? `Users: the first ${ROWS} of ${amount(users_with_sessions)}` : 'Users',
      isWide: true,
      columns: ['User', 'Sessions', 'Talked', 'Last seen'],
      rows: users
        .slice(0, ROWS)
        .map((user) => [
          named(user.name ?? user.user_id),
          amount(user.sessions),
          duration(user.talked_seconds),
          shortInstant(user.last_session_at, period.time_zone),
        ]),
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}
