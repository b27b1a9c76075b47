import { agentInteraction, commandExecution, voiceMetric } from '#catalog';
import type { TimeRange } from '#people';
import { countOutcomes, errorRate, type Part, questionOf, type Snapshot, scopeOf } from '#people';
import type { AggregateSeries } from '#rollups';
import type { TopName, ValueCount } from '../content/report.js';

const LIMIT = 10;

/** Commands, agents and sentiments of a period. */
export interface TopFigures {
  readonly commands: readonly TopName[];
  readonly agents: readonly TopName[];
  readonly sentiments: readonly ValueCount[];
}

const byStatus = (type: string, name: string): Part => ({
  ...{ types: [type], groupBy: [name, 'status'], statistics: ['count'] },
});
const latencies = (type: string, name: string): Part => ({
  ...{ types: [type], measure: 'execution_time_ms', groupBy: [name], statistics: ['p50', 'p95'] },
});
const COMMANDS = [commandExecution.name, 'command_name'] as const;
const AGENTS = [agentInteraction.name, 'agent_name'] as const;
const SENTIMENTS: Part = { types: [voiceMetric.name], groupBy: ['voice_sentiment'], statistics: ['count'] };

/** The names with the most events in a period, and how they fared. */
export async function topFigures({ rollups }: Snapshot, { from, to }: TimeRange): Promise<TopFigures> {
  const scope = scopeOf([from, to]);
  const parts = [
    byStatus(...COMMANDS),
    latencies(...COMMANDS),
    byStatus(...AGENTS),
    latencies(...AGENTS),
    SENTIMENTS,
  ];
  const answers = await rollups.all(parts.map((part) => questionOf(scope, part)));
  const [commands, commandTimes, agents, agentTimes, sentiments] = answers;
  return {
    commands: topNames(COMMANDS[1], commands!, commandTimes!),
    agents: topNames(AGENTS[1], agents!, agentTimes!),
    sentiments: sentiments!
      .map(({ group, totals }) => ({ value: group.voice_sentiment ?? null, count: totals[0]![0] ?? 0 }))
      .sort((a, b) => b.count - a.count || compare(a.value, b.value)),
  };
}

/**
 * The names with the most events, at most ten. Pure.
 * @param counts by name and status
 * @param times the median and the 95th percentile by name
 */
export function topNames(
  dimension: string,
  counts: readonly AggregateSeries[],
  times: readonly AggregateSeries[],
): TopName[] {
  const byName = new Map<string | null, [string | null, number][]>();
  for (const { group, totals } of counts) {
    const name = group[dimension] ?? null;
    byName.set(name, [...(byName.get(name) ?? []), [group.status ?? null, totals[0]![0] ?? 0]]);
  }
  const timesOf = new Map(times.map(({ group, totals }) => [group[dimension] ?? null, totals[0]!]));
  return [...byName]
    .map(([name, statuses]) => {
      const outcomes = countOutcomes(statuses);
      const [p50 = null, p95 = null] = timesOf.get(name) ?? [];
      return {
        ...{ name, count: outcomes.all, errors: outcomes.errors, error_rate: errorRate(outcomes) },
        ...{ p50_execution_time_ms: p50, p95_execution_time_ms: p95 },
      };
    })
    .sort((a, b) => b.count - a.count || compare(a.name, b.name))
    .slice(0, LIMIT);
}

const compare = (a: string | null, b: string | null) => ((a ?? '') < (b ?? '') ? -1 : 1);
