import type { PeriodFigures, StoredReport } from '#reports';
import { amount, change, duration, milliseconds, share } from './wording.js';

/** A line of the figures. */
export interface MailFigure {
  readonly label: string;
  readonly value: string;
  readonly before: string;
  readonly change: string;
}

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

/** The figures of a report that are not nothing, against the period before. Pure. */
export const figuresOf = (report: StoredReport): MailFigure[] =>
  FIGURES.filter(([name]) => ALWAYS.includes(name) || isAny(report, name)).map((figure) =>
    written(report, figure),
  );

const isAny = ({ totals, previous }: StoredReport, name: FigureName) =>
  Boolean(totals[name]) || Boolean(previous[name]);

const written = (report: StoredReport, [name, label, write]: Figure): MailFigure => ({
  label,
  value: write(report.totals[name]),
  before: write(report.previous[name]),
  change: change(report.change[name]),
});
