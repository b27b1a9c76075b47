import type { Report, TopName } from '../../content/report.js';
import { defineTable, type ReportTable } from './report-table.js';

/** How names fared, those with the most events first. */
const namesTable = (
  { name, title, nothing }: Pick<ReportTable, 'name' | 'title' | 'nothing'>,
  what: string,
  items: (report: Report) => readonly TopName[],
) =>
  defineTable<TopName>({
    ...{ name, title, nothing, items },
    columns: [
      {
        ...{ name: 'name', title: what, kind: 'text', of: (one) => one.name },
        missing: 'without a name',
      },
      { name: 'count', title: 'Runs', kind: 'count', of: ({ count }) => count },
      { name: 'errors', title: 'Failed', kind: 'count', of: ({ errors }) => errors },
      {
        ...{ name: 'error_rate', title: 'Error rate', kind: 'share' },
        of: ({ error_rate }) => error_rate,
      },
      {
        ...{ name: 'p50_execution_time_ms', title: 'Median time', kind: 'milliseconds' },
        of: (one) => one.p50_execution_time_ms,
      },
      {
        ...{ name: 'p95_execution_time_ms', title: '95th percentile', kind: 'milliseconds' },
        of: (one) => one.p95_execution_time_ms,
      },
    ],
  });

/** The commands with the most runs. */
export const commands = namesTable(
  { name: 'commands', title: 'Commands', nothing: 'No commands ran.' },
  'Command',
  ({ top_commands }) => top_commands,
);

/** The agents with the most interactions. */
export const agents = namesTable(
  { name: 'agents', title: 'Agents', nothing: 'No agents were used.' },
  'Agent',
  ({ top_agents }) => top_agents,
);
