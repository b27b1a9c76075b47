import { agentInteraction, commandExecution } from '#catalog';
import type { AggregateSeries, Figures, Statistic } from '#rollups';
import { addOutcomes, countOutcomes, errorRate, type Outcomes, outcomesPart } from './outcomes.js';
import { type Part, questionOf, type Scope } from './scope.js';

/** Commands and agents in one bucket, or in all of them. */
export interface ActivityFigures {
  readonly commands: number;
  readonly agents: number;
  /** With the status error or timeout. */
  readonly errors: number;
  /** Errors per command and agent interaction; null without any. */
  readonly error_rate: number | null;
  readonly avg_execution_time_ms: number | null;
  readonly p50_execution_time_ms: number | null;
  readonly p95_execution_time_ms: number | null;
  readonly p99_execution_time_ms: number | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

export interface ActivityPoint extends ActivityFigures {
  /** RFC 3339. */
  readonly bucket: string;
}

const LATENCIES = ['avg', 'p50', 'p95', 'p99'] as const satisfies readonly Statistic[];
const COMMAND = commandExecution.name;
const AGENT = agentInteraction.name;

const tokens = (measure: string): Part => ({ types: [AGENT], measure, groupBy: [], statistics: ['sum'] });

/** What figures of activity are made of. */
const PARTS: readonly Part[] = [
  outcomesPart(COMMAND),
  outcomesPart(AGENT),
  { types: [COMMAND, AGENT], measure: 'execution_time_ms', groupBy: [], statistics: LATENCIES },
  tokens('input_tokens'),
  tokens('output_tokens'),
];

/** The questions whose answers `activityFigures` takes. */
export const activityQuestions = (scope: Scope) => PARTS.map((part) => questionOf(scope, part));

/**
 * The figures of each bucket, and of all buckets together. Pure.
 * @param answers to the `activityQuestions` of the scope
 */
export function activityFigures(
  scope: Scope,
  answers: readonly (readonly AggregateSeries[])[],
): { readonly total: ActivityFigures; readonly points: readonly ActivityPoint[] } {
  const [commands = [], agents = [], ...measured] = answers;
  const [commandsAt, agentsAt] = [commands.map(lookup), agents.map(lookup)];
  const [latenciesAt, inputAt, outputAt] = measured.map(([series]) => lookup(series));
  const figures = (index: number | null) =>
    figuresFrom({
      commands: countsAt(commandsAt, index),
      agents: countsAt(agentsAt, index),
      latencies: latenciesAt!.at(index) ?? [],
      inputTokens: inputAt!.at(index)?.[0] ?? 0,
      outputTokens: outputAt!.at(index)?.[0] ?? 0,
    });
  return {
    total: figures(null),
    points: scope.bounds.slice(0, -1).map((bucket, index) => ({
      bucket: new Date(bucket).toISOString(),
      ...figures(index),
    })),
  };
}

/** The figures of one series. */
interface Lookup {
  readonly status: string | null;
  /** The figures of a bucket, or of all buckets when the index is null. */
  at(index: number | null): Figures | undefined;
}

function lookup(series: AggregateSeries | undefined): Lookup {
  const byIndex = new Map(series?.points.map(({ index, figures }) => [index, figures]));
  return {
    status: series?.group.status ?? null,
    at: (index) => (index === null ? series?.totals[0] : byIndex.get(index)),
  };
}

function countsAt(byStatus: readonly Lookup[], index: number | null): Outcomes {
  return countOutcomes(byStatus.map((series) => [series.status, series.at(index)?.[0] ?? 0]));
}

function figuresFrom(found: {
  readonly commands: Outcomes;
  readonly agents: Outcomes;
  readonly latencies: readonly (number | null)[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}): ActivityFigures {
  const { commands, agents, latencies } = found;
  const both = addOutcomes(commands, agents);
  const [avg = null, p50 = null, p95 = null, p99 = null] = latencies;
  return {
    commands: commands.all,
    agents: agents.all,
    errors: both.errors,
    error_rate: errorRate(both),
    avg_execution_time_ms: avg,
    p50_execution_time_ms: p50,
    p95_execution_time_ms: p95,
    p99_execution_time_ms: p99,
    input_tokens: found.inputTokens,
    output_tokens: found.outputTokens,
  };
}
