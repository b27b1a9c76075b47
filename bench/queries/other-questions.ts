import { today } from '../closed.js';
import type { BenchDatabase } from '../database.js';
import type { Figures } from '../report.js';
import { Asker, timed } from './timed.js';

const DAY_MS = 86_400_000;
const FEW = 3;
const iso = (epochMs: number) => new Date(epochMs).toISOString();
const month = `from=${iso(today() - 29 * DAY_MS)}&to=${iso(today() + DAY_MS)}`;
const dates = `start_date=${iso(today() - 29 * DAY_MS)}&end_date=${iso(today() + DAY_MS)}`;

/** The rest of the contract, over 30 days where there is a range. The funnel has a figure of its own. */
const QUESTIONS = [
  `/v1/aggregates?type=page_view&window=1d&group_by=page,status&compare=previous&tz=Europe/Berlin&${month}`,
  `/v1/aggregates?type=command_execution&measure=execution_time_ms&window=1m&stats=p50,p99`,
  `/v1/aggregates?type=page_view&window=1h&user_id=user-1&${month}`,
  `/v1/active-users?granularity=day&tz=Europe/Berlin&${month}`,
  `/v1/active-users?granularity=week&${month}`,
  '/v1/retention?weeks=4',
  '/v1/sessions?limit=1000',
  '/v1/sessions?user_id=user-1&limit=1000',
  '/v1/users/user-1/summary',
  '/v1/events?user_id=user-1&limit=1000',
  `/v1/events?type=page_view&where[payload.page]=/none&limit=100&${month}`,
  '/v1/ledger',
  '/api/metrics/dashboard?time_range=7d',
  '/api/metrics/dashboard?time_range=1h',
  '/api/metrics/real-time/1d',
  `/api/metrics/aggregated?aggregation_window=1h&limit=1000&${dates}`,
  `/api/metrics/aggregated?aggregation_window=1h&limit=1000&user_id=user-1&${dates}`,
  `/api/metrics/commands?limit=1000&${dates}`,
  `/api/metrics/commands?status=timeout&limit=100&${dates}`,
  '/api/metrics/stats',
  '/api/metrics/performance',
  '/api/analytics/reports/dau',
  '/api/v1/reports/summary?time_range=720',
  '/api/user-metrics/users/user-1',
  '/api/user-metrics/reports/weekly',
];

/** Times them, of the largest organization. */
export async function otherQuestions(
  { apiKeys }: BenchDatabase,
  port: number,
  say: (text: string) => void,
): Promise<Figures> {
  const largest = new Asker(port, apiKeys[0]!);
  let slowest = 0;
  for (const path of QUESTIONS) {
    const { median } = await timed(() => largest.get(path), FEW);
    say(`${median.toFixed(1)} ms  ${path}`);
    slowest = Math.max(slowest, median);
  }
  return { slowest_other_ms: slowest };
}
