import type { PeriodFigures, StoredReport, TopName } from '#reports';
import {
  amount,
  change,
  counted,
  duration,
  instant,
  milliseconds,
  periodName,
  share,
  shortInstant,
} from './wording.js';

/** A line of the figures. */
export interface MailFigure {
  readonly label: string;
  readonly value: string;
  readonly before: string;
  readonly change: string;
}

/** The first column is text, the others are numbers. */
export interface MailTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Small screens have no room for the last column. */
  readonly isWide?: true;
}

/** What a mail says, before it is HTML or text. */
export interface MailContent {
  readonly subject: string;
  readonly title: string;
  readonly period: string;
  /** What lists of mails show beside the subject. */
  readonly preview: string;
  readonly unusual: readonly string[];
  readonly figures: readonly MailFigure[];
  readonly tables: readonly MailTable[];
  readonly notes: readonly string[];
}

/** Longer tables are for the API: mail programs cut mails of more than 100 kB. */
const ROWS = 10;
const UNNAMED = '(no name)';

type FigureName = keyof PeriodFigures;
type Figure = readonly [name: FigureName, label: string, write: (value: number | null) => string];

const FIGURES: readonly Figure[] = [
  ['events', 'Events', amount],
  ['active_users', 'Active users', amount],
  ['new_users', 'New users', amount],
  ['sessions', 'Sessions', amount],
  ['avg_session_seconds', 'Session length, average', duration],
  ['talked_seconds', 'Talked time', duration],
  ['commands', 'Commands', amount],
  ['agents', 'Agent interactions', amount],
  ['error_rate', 'Error rate of commands and agents', share],
  ['p95_execution_time_ms', 'Execution time, p95', milliseconds],
  ['reported_errors', 'Reported errors', amount],
  ['input_tokens', 'Tokens in', amount],
  ['output_tokens', 'Tokens out', amount],
];
/** Shown even when nothing happened. */
const ALWAYS: readonly FigureName[] = ['events', 'active_users', 'sessions'];

/** What a mail says about a report. Pure. */
export function mailContent(report: StoredReport, organization: string): MailContent {
  const { kind, totals } = report;
  const [title, unit] = kind === 'weekly' ? ['Weekly report', 'week'] : ['Monthly report', 'month'];
  const period = periodName(kind, report.period);
  const figures = FIGURES.filter((figure) => ALWAYS.includes(figure[0]) || isAny(report, figure[0]));
  return {
    subject: `${title} of ${organization}: ${period}`,
    title: `${title} of ${organization}`,
    period,
    preview:
      totals.events === 0
        ? `Nothing happened in this ${unit}.`
        : `${counted(totals.events, 'event')} by ${counted(totals.active_users, 'user')}, ${counted(report.unusual.length, 'unusual day')}.`,
    unusual: report.unusual.map(({ text }) => text),
    figures: figures.map((figure) => written(report, figure)),
    tables: tablesOf(report, unit).filter(({ rows }) => rows.length > 0),
    notes: notesOf(report, unit),
  };
}

const isAny = ({ totals, previous }: StoredReport, name: FigureName) =>
  Boolean(totals[name]) || Boolean(previous[name]);

const written = (report: StoredReport, [name, label, write]: Figure): MailFigure => ({
  label,
  value: write(report.totals[name]),
  before: write(report.previous[name]),
  change: change(report.change[name]),
});

function tablesOf(report: StoredReport, unit: string): MailTable[] {
  const { event_types, users, users_with_sessions, period } = report;
  const top = (title: string, names: readonly TopName[]): MailTable => ({
    title,
    columns: ['Name', 'Count', 'Errors', 'p95'],
    rows: names
      .slice(0, ROWS)
      .map((one) => [
        one.name ?? UNNAMED,
        amount(one.count),
        share(one.error_rate),
        milliseconds(one.p95_execution_time_ms),
      ]),
  });
  return [
    top('Commands', report.top_commands),
    top('Agents', report.top_agents),
    {
      title: 'Event types',
      columns: ['Type', 'Count', `The ${unit} before`],
      rows: event_types
        .slice(0, ROWS)
        .map(({ type, count, previous }) => [type, amount(count), amount(previous)]),
    },
    {
      title:
        users_with_sessions > ROWS ? `Users: the first ${ROWS} of ${amount(users_with_sessions)}` : 'Users',
      isWide: true,
      columns: ['User', 'Sessions', 'Talked', 'Last seen'],
      rows: users
        .slice(0, ROWS)
        .map((user) => [
          user.name ?? user.user_id,
          amount(user.sessions),
          duration(user.talked_seconds),
          shortInstant(user.last_session_at, period.time_zone),
        ]),
    },
  ];
}

function notesOf({ quality, late_events, computed_at, period }: StoredReport, unit: string): string[] {
  const { received, stored, duplicate, dead_lettered, types_with_other_series: types } = quality;
  return [
    `${counted(received, 'event')} received in this ${unit}: ${amount(stored)} stored, ${counted(duplicate, 'duplicate')}, ${counted(dead_lettered, 'dead letter')}.`,
    ...(types.length > 0 ? [`Some series of ${types.join(', ')} were counted together, as __other__.`] : []),
    ...(late_events > 0
      ? [`${counted(late_events, 'event')} came after the report was first computed.`]
      : []),
    `Days are those of the time zone ${period.time_zone}. Computed on ${instant(computed_at, period.time_zone)}.`,
  ];
}
