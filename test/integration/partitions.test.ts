import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ensureEventPartitions } from '#database';
import { expectNoDifference } from '../support/judge.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;

const partitionOf = (epochMs: number) =>
  `event_rows_${new Date(epochMs).toISOString().slice(0, 10).replaceAll('-', '')}`;

describe('event partitions', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  let organizationId: string;

  beforeAll(async () => {
    database = await TestDatabase.create();
    ({ id: organizationId } = await database.createOrganization('Days'));
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
  });

  afterAll(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const eventAt = (epochMs: number) => ({
    id: randomUUID(),
    ts: new Date(epochMs).toISOString(),
    type: 'button_click',
    user_id: 'ada',
    payload: { page: '/' },
  });

  const placeOf = async (id: string) => {
    const { rows } = await owner.query<{ place: string }>(
      'SELECT tableoid::regclass::text AS place FROM event_rows WHERE id = $1',
      [id],
    );
    return rows.map(({ place }) => place);
  };

  const partitions = async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'event_rows'::regclass ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('exist for every day from the start of retention to two days ahead', async () => {
    const days = Array.from({ length: 93 }, (_, i) => partitionOf(today + (i - 90) * DAY_MS));
    expect(await partitions()).toEqual(days);
  });

  it('store late and early events by their day', async () => {
    const instants = [
      Date.now(),
      today,
      today - 1,
      today - 40 * DAY_MS,
      Date.now() - 90 * DAY_MS + 60_000,
      Date.now() + DAY_MS - 60_000,
    ];
    const events = instants.map(eventAt);
    await worker.persist([batchOf(organizationId, countable(events))]);
    for (const [i, instant] of instants.entries()) {
      expect(await placeOf(events[i]!.id)).toEqual([partitionOf(instant)]);
    }
    await expectNoDifference(database.url);
  });

  it('are created when missing, and the batch is stored', async () => {
    const missing = [today, today - 3 * DAY_MS, today + DAY_MS].map(partitionOf);
    await owner.query(`DELETE FROM event_rows; DELETE FROM ledger; DELETE FROM rollup_deltas;
      DELETE FROM activity_deltas; DROP TABLE ${missing.join(', ')}`);
    const events = [today, today - 3 * DAY_MS, today + 5].map(eventAt);
    const counts = await worker.persist([batchOf(organizationId, countable(events))]);
    expect(counts).toMatchObject({ stored: 3, deadLettered: 0 });
    expect(await partitions()).toEqual(expect.arrayContaining(missing));
    await expectNoDifference(database.url);
    const { rows } = await owner.query(
      `SELECT FROM pg_class WHERE relname = ANY($1) AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [missing],
    );
    expect(rows).toEqual([]);
  });

  it('are created by several workers at once', async () => {
    const missing = [today - 5 * DAY_MS, today - 6 * DAY_MS].map(partitionOf);
    await owner.query(`DROP TABLE ${missing.join(', ')}`);
    const second = new TestWorker(database.url);
    const batches = Array.from({ length: 8 }, () =>
      batchOf(organizationId, countable([eventAt(today - 5 * DAY_MS), eventAt(today - 6 * DAY_MS)])),
    );
    const counts = await Promise.all(batches.map((batch, i) => [worker, second][i % 2]!.persist([batch])));
    await second.end();
    expect(counts.map(({ stored }) => stored)).toEqual(batches.map(() => 2));
    await expectNoDifference(database.url);
  });

  it('are created during a long read of events without waiting for it', async () => {
    const missing = partitionOf(today - 7 * DAY_MS);
    await owner.query(`DROP TABLE ${missing}`);
    await owner.query('BEGIN; SELECT count(*) FROM events');
    try {
      await worker.pool.query(`SET lock_timeout = '2s'`);
      expect(await ensureEventPartitions(worker.pool, 90, Date.now())).toBe(1);
    } finally {
      await owner.query('COMMIT');
      await worker.pool.query('RESET lock_timeout');
    }
    expect(await partitions()).toContain(missing);
  });

  it('cannot hold an event outside retention, which becomes a dead letter', async () => {
    const [event] = countable([eventAt(today)]);
    const batch = batchOf(organizationId, [{ ...event!, ts: today - 400 * DAY_MS }, event!]);
    expect(await worker.persist([batch])).toMatchObject({ stored: 1, deadLettered: 1 });
    await expectNoDifference(database.url);
  });
});
