import { agentInteraction, commandExecution } from '#catalog';
import type { WindowName } from '#config';
import type { AggregateQuestion, AggregateSeries, Figures, Statistic } from '#rollups';

/** Buckets, and whose events. */
export interface Scope {
  /** Bounds of the buckets, in milliseconds since the epoch. */
  readonly bounds: readonly number[];
  /** The stored window that the buckets are made of. */
  readonly stored: WindowName;
  /** Absent: everyone's. */
  readonly userIds?: readonly string[] | undefined;
}

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

/** Statuses that count as errors; a cancelled command is none. */
const ERRORS = ['error', 'timeout'];
const LATENCIES = ['avg', 'p50', 'p95', 'p99'] as const satisfies readonly Statistic[];
const COMMAND = commandExecution.name;
const AGENT = agentInteraction.name;

/** What a question asks about the buckets of a scope. */
export type Part = Pick<AggregateQuestion, 'types' | 'groupBy' | 'statistics'> &
  Partial<Pick<AggregateQuestion, 'measure' | 'where'>>;

const byStatus = { groupBy: ['status'], statistics: ['count'] } as const;
const tokens = (measure: string): Part => ({ types: [AGENT], measure, groupBy: [], statistics: ['sum'] });

/** What figures of activity are made of. */
const PARTS: readonly Part[] = [
  { types: [COMMAND], ...byStatus },
  { types: [AGENT], ...byStatus },
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

/** A question about the buckets of a scope. */
export const questionOf = ({ bounds, stored, userIds }: Scope, part: Part): AggregateQuestion => ({
  ...{ bounds, stored, periods: 1, where: {}, ...part },
  ...(userIds === undefined ? {} : { userIds }),
});

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

interface Counts {
  readonly all: number;
  readonly errors: number;
}

function countsAt(byStatus: readonly Lookup[], index: number | null): Counts {
  let [all, errors] = [0, 0];
  for (const series of byStatus) {
    const count = series.at(index)?.[0] ?? 0;
    all += count;
    if (isError(series.status)) errors += count;
  }
  return { all, errors };
}

/** Whether a status counts as an error. */
export const isError = (status: string | null | undefined) => ERRORS.includes(status ?? '');

function figuresFrom(found: {
  readonly commands: Counts;
  readonly agents: Counts;
  readonly latencies: readonly (number | null)[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}): ActivityFigures {
  const { commands, agents, latencies } = found;
  const all = commands.all + agents.all;
  const errors = commands.errors + agents.errors;
  const [avg = null, p50 = null, p95 = null, p99 = null] = latencies;
  return {
    commands: commands.all,
    agents: agents.all,
    errors,
    error_rate: all === 0 ? null : errors / all,
    avg_execution_time_ms: avg,
    p50_execution_time_ms: p50,
    p95_execution_time_ms: p95,
    p99_execution_time_ms: p99,
    input_tokens: found.inputTokens,
    output_tokens: found.outputTokens,
  };
}
