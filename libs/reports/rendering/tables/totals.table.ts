import type { PeriodFigures } from '../../content/report.js';
import { type Cell, defineTable, type Kind } from './report-table.js';

/** Each figure of a period: what people call it, and what it is. */
const FIGURES: { readonly [K in keyof PeriodFigures]: readonly [title: string, kind: Kind] } = {
  events: ['Events', 'count'],
  active_users: ['Active users', 'count'],
  new_users: ['New users', 'count'],
  sessions: ['Sessions', 'count'],
  avg_session_seconds: ['Average length of a session', 'seconds'],
  talked_seconds: ['Talked time', 'seconds'],
  commands: ['Commands', 'count'],
  agents: ['Agent interactions', 'count'],
  errors: ['Failed commands and agent interactions', 'count'],
  error_rate: ['Error rate', 'share'],
  reported_errors: ['Reported errors', 'count'],
  avg_execution_time_ms: ['Execution time, average', 'milliseconds'],
  p50_execution_time_ms: ['Execution time, median', 'milliseconds'],
  p95_execution_time_ms: ['Execution time, 95th percentile', 'milliseconds'],
  p99_execution_time_ms: ['Execution time, 99th percentile', 'milliseconds'],
  input_tokens: ['Input tokens', 'count'],
  output_tokens: ['Output tokens', 'count'],
};

interface Figure {
  readonly name: keyof PeriodFigures;
  readonly value: number | null;
  readonly previous: number | null;
  readonly change: number | null;
}

/** Whether a figure is or was anything but zero. */
export const isTelling = ([, now, before]: readonly Cell[]) => Boolean(now!.value || before!.value);

const kindOf = ({ name }: Figure) => FIGURES[name][1];

/** The figures of the period and of the one before. */
export const totals = defineTable<Figure>({
  ...{ name: 'totals', title: 'All figures', nothing: 'There are no figures.' },
  items: (report) =>
    (Object.keys(FIGURES) as (keyof PeriodFigures)[]).map((name) => ({
      name,
      value: report.totals[name],
      previous: report.previous[name],
      change: report.change[name],
    })),
  columns: [
    {
      ...{ name: 'figure', title: 'Figure', kind: 'text', of: ({ name }) => name },
      words: Object.fromEntries(Object.entries(FIGURES).map(([name, [title]]) => [name, title])),
    },
    { name: 'value', title: 'This period', kind: kindOf, of: ({ value }) => value },
    { name: 'previous', title: 'Period before', kind: kindOf, of: ({ previous }) => previous },
    { name: 'change', title: 'Change', kind: 'change', of: ({ change }) => change },
  ],
});
