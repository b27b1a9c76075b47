import pg from 'pg';
import { today } from '../closed.js';
import type { BenchDatabase } from '../database.js';
import type { Figures } from '../report.js';
import { Asker, timed } from './timed.js';

const DAY_MS = 86_400_000;
const DAYS = 30;
const REPEATS = 31;
/** Enough for a 99th percentile. */
const MANY = 101;

const iso = (epochMs: number) => encodeURIComponent(new Date(epochMs).toISOString());
const range = (days: number) => `from=${iso(today() - (days - 1) * DAY_MS)}&to=${iso(today() + DAY_MS)}`;

interface Series {
  readonly group: Record<string, string>;
  readonly total: Record<string, number>;
}

/** Times the questions of the largest organizations over HTTP, and compares the answers with the raw events. */
export class Questions {
  private readonly largest: Asker;
  private readonly second: Asker;

  constructor(
    private readonly database: BenchDatabase,
    private readonly sql: pg.Client,
    port: number,
  ) {
    this.largest = new Asker(port, database.apiKeys[0]!);
    this.second = new Asker(port, database.apiKeys[1]!);
  }

  /** @param say is told each figure as soon as it is known */
  async all(say: (text: string) => void): Promise<Figures> {
    const figures: Figures = await this.hourly();
    say(JSON.stringify(figures));
    const add = async (key: string, milliseconds: Promise<number>) => {
      figures[key] = await milliseconds;
      say(`${key} ${figures[key].toFixed(1)}`);
    };
    await add('dashboard_ms', this.dashboard());
    await add('page_ms', this.pages());
    await add('sparse_listing_ms', this.sparse());
    await add('top_series_ms', this.topSeries());
    return figures;
  }

  /** Hourly p95 by command over seven days. */
  private async hourly(): Promise<Figures> {
    const path = `/v1/aggregates?type=command_execution&measure=execution_time_ms&window=1h&group_by=command_name&stats=p95&${range(7)}`;
    const { median, p99 } = await timed(() => this.largest.get(path), MANY);
    const { series } = await this.largest.get<{ series: Series[] }>(path);
    const { rows } = await this.sql.query<{ name: string; p95: number }>(
      `SELECT payload->>'command_name' AS name,
              percentile_disc(0.95) WITHIN GROUP (ORDER BY (payload->>'execution_time_ms')::float8) AS p95
       FROM payloads_between($1, $2, $3, 'command_execution') AS payload GROUP BY 1 ORDER BY 1`,
      [this.database.organizationIds[0], new Date(today() - 6 * DAY_MS), new Date(today() + DAY_MS)],
    );
    agree(
      rows.map(({ name, p95 }) => [name, p95]),
      series.map(({ group, total }) => [group.command_name!, total.p95!]),
      0.01,
    );
    return { hourly_p95_ms: median, hourly_p95_p99_ms: p99 };
  }

  private async dashboard(): Promise<number> {
    const path = '/api/metrics/dashboard?time_range=30d';
    const { median } = await timed(() => this.largest.get(path), REPEATS);
    const { totals } = await this.largest.get<{ totals: Record<string, number> }>(path);
    const { rows } = await this.sql.query<{ commands: number; agents: number; users: number }>(
      `SELECT count(*) FILTER (WHERE type = 'command_execution')::float8 AS commands,
              count(*) FILTER (WHERE type = 'agent_interaction')::float8 AS agents,
              count(DISTINCT user_id)::float8 AS users
       FROM events_between($1, $2, $3)`,
      [this.database.organizationIds[0], new Date(today() - 29 * DAY_MS), new Date(today() + DAY_MS)],
    );
    const { commands, agents, users } = rows[0]!;
    agree(
      [
        ['commands', commands],
        ['agents', agents],
        ['users', users],
      ],
      [
        ['commands', totals.commands!],
        ['agents', totals.agents!],
        ['users', totals.active_users!],
      ],
    );
    return median;
  }

  /** The slowest page of a thousand events: the newest, from the middle of today, and of days long ago. */
  private async pages(): Promise<number> {
    const halfToday = (Date.now() - today()) / 2;
    const ends = [Date.now(), today() + halfToday, today() - 1, today() - 15 * DAY_MS, today() - 28 * DAY_MS];
    return this.slowest(ends.map((end) => `/v1/events?limit=1000&to=${iso(end)}`));
  }

  /** The slowest listing of a user, a session or a type with few matches or none. */
  private async sparse(): Promise<number> {
    const { data } = await this.largest.get<{ data: { user_id: string; session_id: string }[] }>(
      '/v1/events?limit=1',
    );
    const old = await this.largest.get<{ data: { session_id: string }[] }>(
      `/v1/events?limit=1&to=${iso(today() - 12 * DAY_MS)}`,
    );
    const filters = [
      ...['user_id=nobody', 'session_id=nobody', 'type=nothing'],
      `session_id=${data[0]!.session_id}`,
      `session_id=${old.data[0]!.session_id}`,
    ];
    const ranges = ['', `&from=${iso(today())}`, `&to=${iso(today())}`];
    return this.slowest(
      filters.flatMap((filter) => ranges.map((within) => `/v1/events?limit=1000&${filter}${within}`)),
    );
  }

  /** The twenty largest of ten thousand series over thirty days. */
  private async topSeries(): Promise<number> {
    const path = `/v1/aggregates?type=page_view&window=1d&group_by=page&order_by=-count&limit=20&${range(DAYS)}`;
    const { median } = await timed(() => this.second.get(path), REPEATS);
    const { series } = await this.second.get<{ series: Series[] }>(path);
    const { rows } = await this.sql.query<{ page: string; count: number }>(
      `SELECT payload->>'page' AS page, count(*)::float8 AS count
       FROM payloads_between($1, $2, $3, 'page_view') AS payload GROUP BY 1 ORDER BY 2 DESC, min(payload->>'page') COLLATE "C" LIMIT 20`,
      [this.database.organizationIds[1], new Date(today() - 29 * DAY_MS), new Date(today() + DAY_MS)],
    );
    agree(
      rows.map(({ page, count }) => [page, count]),
      series.map(({ group, total }) => [group.page!, total.count!]),
    );
    return median;
  }

  private async slowest(paths: readonly string[]): Promise<number> {
    const times: number[] = [];
    for (const path of paths) {
      const { median } = await timed(() => this.largest.get(path), 7);
      times.push(median);
    }
    return Math.max(...times);
  }
}

type Answer = readonly (readonly [name: string, value: number])[];

/** @throws Error when answers differ by more than a share of the exact one */
export function agree(exact: Answer, found: Answer, tolerance = 0): void {
  const isSame =
    exact.length === found.length &&
    exact.every(
      ([name, value], i) => found[i]![0] === name && Math.abs(found[i]![1] - value) <= tolerance * value,
    );
  if (!isSame) throw new Error(`${JSON.stringify(found)}, but the raw events say ${JSON.stringify(exact)}`);
}
