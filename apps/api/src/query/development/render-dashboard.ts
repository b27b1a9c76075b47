import type { NameFigures } from '#people';
import type { Overview } from './activity.service.js';
import type { TimeRangeName } from './development.query.js';

/** The answer of `GET /api/metrics/dashboard`. Pure. */
export function renderDashboard(
  time_range: TimeRangeName,
  { total, activeUsers, topCommands, topAgents, points }: Overview,
) {
  const { commands, agents, errors, error_rate, input_tokens, output_tokens } = total;
  return {
    time_range,
    totals: { commands, agents, errors, error_rate, active_users: activeUsers, input_tokens, output_tokens },
    latency: {
      p50: total.p50_execution_time_ms,
      p95: total.p95_execution_time_ms,
      p99: total.p99_execution_time_ms,
    },
    top_commands: topCommands.map(({ name, ...figures }: NameFigures) => ({
      command_name: name,
      ...figures,
    })),
    top_agents: topAgents.map(({ name, ...figures }: NameFigures) => ({ agent_name: name, ...figures })),
    series: points,
  };
}
