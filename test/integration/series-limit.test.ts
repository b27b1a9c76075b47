import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { CountableEvent } from '#batch';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const MAX_SERIES = 4;
const BATCHES = 30;
const BATCH = 40;

describe('the series limit', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let workers: TestWorker[];

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    workers = [new TestWorker(database.url, MAX_SERIES), new TestWorker(database.url, MAX_SERIES)];
  });

  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.end()));
    await owner?.end();
    await database?.drop();
  });

  /** For each type and day: the series counted separately, and the events under `__other__` and in all. */
  const days = async (organizationId: string) => {
    const { rows } = await owner.query<{ type: string; apart: number; others: number; events: number }>(
      `SELECT type, (count(*) FILTER (WHERE NOT is_other))::int AS apart,
              coalesce(sum(count) FILTER (WHERE is_other), 0)::int AS others, sum(count)::int AS events
       FROM rollups, LATERAL (
         SELECT coalesce(bool_and(value = '__other__'), true) AS is_other FROM jsonb_each_text(dimensions)
       ) AS o
       WHERE organization_id = $1 AND measure = '' AND window_seconds = 86400
       GROUP BY type, bucket`,
      [organizationId],
    );
    return rows;
  };

  const pages = (count: number, offset = 0): CountableEvent[] =>
    countable(
      Array.from({ length: count }, (_, i) => ({
        id: randomUUID(),
        ts: new Date().toISOString(),
        type: 'page_view',
        payload: { page: `/${offset + i}`, bytes: i },
      })),
    );

  it('applies to all workers together, while every event is counted once', async () => {
    const { id } = await database.createOrganization('Many series');
    const random = Random.announced();
    const stream = new RandomEvents(random);
    const deliveries = Array.from({ length: BATCHES }, () => batchOf(id, countable(stream.events(BATCH))));
    // Each batch goes to both workers; one is replaced half-way by a worker with an empty cache.
    const run = async (worker: TestWorker, batches: typeof deliveries) => {
      for (const batch of batches) {
        await worker.persist([batch]);
        if (random.chance(0.3)) await worker.compact();
      }
    };
    const half = deliveries.slice(0, BATCHES / 2);
    await Promise.all([run(workers[0]!, half), run(workers[1]!, [...half].reverse())]);
    await workers[1]!.end();
    workers[1] = new TestWorker(database.url, MAX_SERIES);
    const rest = deliveries.slice(BATCHES / 2);
    await Promise.all([run(workers[0]!, [...rest].reverse()), run(workers[1], rest)]);
    await expectNoDifference(database.url);
    await workers[0]!.compact();
    await expectNoDifference(database.url);

    const counted = await days(id);
    expect(Math.max(...counted.map(({ apart }) => apart))).toBe(MAX_SERIES);
    expect(counted.reduce((sum, { events }) => sum + events, 0)).toBe(BATCHES * BATCH);
    expect(counted.some(({ others }) => others > 0)).toBe(true);
  });

  it('reports how many events were counted under others', async () => {
    const { id } = await database.createOrganization('Told');
    const first = await workers[0]!.persist([batchOf(id, pages(MAX_SERIES))]);
    expect(first).toMatchObject({ stored: MAX_SERIES, others: 0 });
    expect(await exceeded(id)).toEqual([]);
    const second = await workers[1]!.persist([batchOf(id, pages(MAX_SERIES + 3))]);
    expect(second).toMatchObject({ stored: MAX_SERIES + 3, others: 3 });
    expect(await exceeded(id)).toEqual([{ type: 'page_view', series: MAX_SERIES, max_series: MAX_SERIES }]);
  });

  const exceeded = async (organizationId: string) => {
    const { rows } = await owner.query(
      `SELECT type, series, max_series FROM series_counts
       WHERE organization_id = $1 AND exceeded_at IS NOT NULL`,
      [organizationId],
    );
    return rows;
  };

  it('can be set per organization, and applies from the next day', async () => {
    const { id } = await database.createOrganization('Own limit');
    const setLimit = (limit: number) =>
      owner.query(
        `UPDATE organizations SET settings = jsonb_build_object('max_series_per_type', $2::int) WHERE id = $1`,
        [id, limit],
      );
    await setLimit(2);
    await workers[0]!.persist([batchOf(id, pages(5))]);
    await setLimit(10);
    await workers[1]!.persist([batchOf(id, pages(5))]);
    await workers[0]!.compact();
    expect(await days(id)).toEqual([{ type: 'page_view', apart: 2, others: 6, events: 10 }]);
    await expectNoDifference(database.url);
  });

  it('recognizes a series in any order of its dimensions', async () => {
    const { id } = await database.createOrganization('Reordered');
    const [event] = countable([
      {
        id: 'a',
        ts: new Date().toISOString(),
        type: 'command_execution',
        payload: { command_name: 'plan', execution_time_ms: 1, status: 'success' },
      },
    ]);
    const { dimensions } = event!.series;
    const reversed = Object.fromEntries(Object.entries(dimensions).reverse());
    expect(JSON.stringify(reversed)).not.toBe(JSON.stringify(dimensions));
    const other = { ...event!, id: 'b', series: { ...event!.series, dimensions: reversed } };
    expect(await workers[0]!.persist([batchOf(id, [event!, other])])).toMatchObject({ others: 0 });
    expect(await admitted(id)).toBe(1);
    await expectNoDifference(database.url);
  });

  const admitted = async (organizationId: string) => {
    const { rows } = await owner.query('SELECT series FROM series_counts WHERE organization_id = $1', [
      organizationId,
    ]);
    return rows[0].series;
  };

  it('is checked by verify, which reports a series too many', async () => {
    const { id } = await database.createOrganization('Tampered');
    await workers[0]!.persist([batchOf(id, pages(MAX_SERIES + 2))]);
    await owner.query(
      `INSERT INTO admitted_series SELECT organization_id, type, day, '{"page":"/4"}'
       FROM series_counts WHERE organization_id = $1`,
      [id],
    );
    await expect(expectNoDifference(database.url)).rejects.toThrow();
    await owner.query(
      `DELETE FROM admitted_series WHERE organization_id = $1 AND dimensions = '{"page":"/4"}'`,
      [id],
    );
    await expectNoDifference(database.url);
  });
});
