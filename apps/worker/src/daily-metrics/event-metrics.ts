import { agentInteraction, commandExecution, errorOccurred } from '#catalog';
import {
  addOutcomes,
  errorRate,
  type Outcomes,
  outcomesOf,
  outcomesPart,
  type Part,
  questionOf,
  type Snapshot,
  scopeOf,
} from '#people';
import type { AggregateSeries } from '#rollups';
import type { LocalDay } from './local-days.js';
import { type Metric, total } from './metric.js';
import { topValues } from './top-values.js';

const COMMAND = commandExecution.name;
const AGENT = agentInteraction.name;
const ERROR = errorOccurred.name;

/**
 * Events and errors of a day, by type.
 * @param types all event types that the organization has events of
 */
export async function eventMetrics(
  { rollups }: Snapshot,
  { from, to }: LocalDay,
  types: readonly string[],
): Promise<Metric[]> {
  const ask = (part: Part) => questionOf(scopeOf([from, to]), part);
  const [commands, agents, ...byType] = await rollups.all([
    ask(outcomesPart(COMMAND)),
    ask(outcomesPart(AGENT)),
    ...types.map((type) => ask({ types: [type], groupBy: [], statistics: ['count'] })),
  ]);
  const events = types.map((type, i) => [type, countOf(byType[i]!)] as const);
  return [
    ...counted('events', events),
    ...errorMetrics(outcomesOf(commands!), outcomesOf(agents!), new Map(events).get(ERROR) ?? 0),
  ];
}

/** The rate is that of commands and agents, as on the dashboard: an error that was reported has no attempts to go with it. */
function errorMetrics(commands: Outcomes, agents: Outcomes, reported: number): Metric[] {
  const rate = errorRate(addOutcomes(commands, agents));
  return [
    ...counted('errors', [
      [COMMAND, commands.errors],
      [AGENT, agents.errors],
      [ERROR, reported],
    ]),
    ...(rate === null ? [] : [total('error_rate', rate)]),
  ];
}

const countOf = ([series]: readonly AggregateSeries[]) => series?.totals[0]?.[0] ?? 0;

/** The sum of all types, and each type that occurred. */
const counted = (name: string, byType: readonly (readonly [type: string, count: number])[]): Metric[] => [
  total(
    name,
    byType.reduce((sum, [, count]) => sum + count, 0),
  ),
  ...topValues(
    name,
    'type',
    byType.filter(([, count]) => count > 0),
  ),
];
