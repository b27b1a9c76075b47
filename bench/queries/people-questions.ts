import pg from 'pg';
import { today } from '../closed.js';
import type { BenchDatabase } from '../database.js';
import type { Figures } from '../report.js';
import { agree } from './questions.js';
import { Asker, timed } from './timed.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const REPEATS = 31;
const FEW = 7;

const STEPS = ['page_view', 'form_submit', 'course_complete'];

interface Event {
  readonly user_id: string;
  readonly type: string;
  readonly ms: number;
}

/** Times questions about people of the largest organization, and compares the answers with the raw events. */
export class PeopleQuestions {
  private readonly largest: Asker;

  constructor(
    private readonly database: BenchDatabase,
    private readonly sql: pg.Client,
    port: number,
  ) {
    this.largest = new Asker(port, database.apiKeys[0]!);
  }

  async all(): Promise<Figures> {
    return { monthly_actives_ms: await this.monthlyActives(), funnel_ms: await this.funnel() };
  }

  private async monthlyActives(): Promise<number> {
    const from = new Date(today() - 29 * DAY_MS);
    const path = `/v1/active-users?granularity=month&from=${from.toISOString()}`;
    const { median } = await timed(() => this.largest.get(path), REPEATS);
    const { data } = await this.largest.get<{ data: { period: string; active: number }[] }>(path);
    const { rows } = await this.sql.query<{ period: string; active: number }>(
      `SELECT to_char(ts AT TIME ZONE 'UTC', 'YYYY-MM') AS period, count(DISTINCT user_id)::float8 AS active
       FROM events_between($1, date_trunc('month', $2::timestamptz, 'UTC'), $3) GROUP BY 1 ORDER BY 1`,
      [this.database.organizationIds[0], from, new Date(today() + 2 * DAY_MS)],
    );
    agree(
      rows.map(({ period, active }) => [period, active]),
      // Months without users are listed, too.
      data.filter(({ active }) => active > 0).map(({ period, active }) => [period, active]),
    );
    return median;
  }

  /** Three steps within an hour, over seven days. */
  private async funnel(): Promise<number> {
    const [from, to] = [today() - 6 * DAY_MS, today() + DAY_MS].map((ms) => new Date(ms).toISOString());
    const path = `/v1/funnel?steps=${STEPS.join(',')}&within=1h&from=${from}&to=${to}`;
    const { median } = await timed(() => this.largest.get(path), FEW);
    const { steps } = await this.largest.get<{ steps: { type: string; users: number }[] }>(path);
    const { rows } = await this.sql.query<Event>(
      `SELECT user_id, type, extract(epoch FROM ts)::float8 * 1000 AS ms
       FROM events_between($1, $2, $3) WHERE type = ANY($4)`,
      [this.database.organizationIds[0], from, to, STEPS],
    );
    agree(
      usersByStep(rows).map((users, i) => [STEPS[i]!, users]),
      steps.map(({ type, users }) => [type, users]),
    );
    return median;
  }
}

/** Users who reached each step, start by start. */
function usersByStep(events: readonly Event[]): number[] {
  const byUser = new Map<string, Event[]>();
  for (const event of events) {
    const own = byUser.get(event.user_id);
    if (own) own.push(event);
    else byUser.set(event.user_id, [event]);
  }
  const order = ({ ms, type }: Event) => [ms, STEPS.indexOf(type)] as const;
  const reached = [...byUser.values()].map((own) => {
    own.sort((a, b) => order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1]);
    return Math.max(...own.map((start, i) => (start.type === STEPS[0] ? longestFrom(own, i) : 0)));
  });
  return STEPS.map((_, i) => reached.filter((steps) => steps > i).length);
}

/** Steps reached from a start, taking the next event of each. */
function longestFrom(events: readonly Event[], start: number): number {
  let step = 1;
  for (let i = start + 1; i < events.length && step < STEPS.length; i++) {
    if (events[i]!.ms - events[start]!.ms > HOUR_MS) break;
    if (events[i]!.type === STEPS[step]) step++;
  }
  return step;
}
