import pg from 'pg';
import { DataSource } from 'typeorm';
import type { CountableEvent, EncodedBatch } from '#batch';
import { createPool } from '#database';
import { type JobContext, systemClock } from '#jobs';
import { PendingDeltas } from '#rollups';
import { ClosingStore, closeDay, type Day, SegmentStore } from '#segments';
import type { EventFilter, EventPosition } from '../../apps/api/src/query/events/event-filter.js';
import { type EventsOfPage, EventsReadModel } from '../../apps/api/src/query/events/events.read-model.js';
import { TenantReads } from '../../apps/api/src/query/tenant-reads/tenant-reads.js';
import { closedDays } from '../../apps/worker/src/jobs/closed-days.job.js';
import { CloseDays1795800000000 } from '../../migrations/1795800000000-close-days.js';
import { migrations } from '../../migrations/index.js';
import { eventually } from '../support/eventually.js';
import { expectNoDifference } from '../support/judge.js';
import { oddId } from '../support/odd-ids.js';
import { Random } from '../support/random.js';
import { type PostedEvent, RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const dayBefore = (days: number): Day => ({
  from: new Date(today - days * DAY_MS),
  to: new Date(today - (days - 1) * DAY_MS),
});
const PAST_DAYS = 3;
const ROUNDS = 10;
/** Transactions of this database that wait for another. */
const WAITING = `pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

interface StoredRow {
  readonly ts: number;
  readonly id: string;
  readonly type: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
}

describe('closed days', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let workers: readonly [TestWorker, TestWorker];
  let api: pg.Pool;
  const random = Random.announced();

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
    workers = [new TestWorker(database.url), new TestWorker(database.url)];
  });

  afterAll(async () => {
    await Promise.all(workers?.map((worker) => worker.end()) ?? []);
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Events of the past days and today, many at the same instant, some in the first and last millisecond. */
  const fresh = (source: RandomEvents, count: number): CountableEvent[] => {
    const start = today - PAST_DAYS * DAY_MS;
    const instants = Array.from({ length: 5 }, () => start + random.integer(0, PAST_DAYS * DAY_MS - 1));
    const instant = () =>
      random.pick([
        random.pick(instants),
        start + random.integer(0, PAST_DAYS * DAY_MS - 1),
        start + random.integer(0, PAST_DAYS - 1) * DAY_MS + random.pick([0, DAY_MS - 1]),
        Date.now(),
      ]);
    const events = source.events(count).map((event) => ({
      ...event,
      id: oddId(random),
      ts: new Date(instant()).toISOString(),
      payload: { ...event.payload, note: random.pick(['line\nbreak', '\\', '\u001e', '', 'x'.repeat(3000)]) },
    }));
    return countable(events);
  };

  const close = (worker: TestWorker, days: number) => closeDay(worker.pool, dayBefore(days));

  const stored = async (organizationId: string) => {
    const { rows } = await owner.query<StoredRow>(
      `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ts, id, type, user_id, session_id, src, payload::text AS payload
       FROM events WHERE organization_id = $1 ORDER BY ts, id`,
      [organizationId],
    );
    return rows;
  };
  const rowOf = ({ ts, id, type, userId, sessionId, src, payloadJson }: CountableEvent) => ({
    ...{ ts, id, type, user_id: userId ?? null, session_id: sessionId ?? null, src: src ?? null },
    payload: payloadJson,
  });
  const identity = ({ ts, id }: CountableEvent) => `${ts} ${id}`;
  const sorted = (events: Iterable<CountableEvent>) =>
    [...events].sort((a, b) => a.ts - b.ts || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));

  const erase = async (organizationId: string, userId: string) => {
    await owner.query(`INSERT INTO erasures (organization_id, actor, user_ids) VALUES ($1, 'key:test', $2)`, [
      organizationId,
      [userId],
    ]);
    // False while a day is being closed; 40001 when one was closed since the erasure began.
    const attempt = () =>
      workers[0].erase().catch((error) => {
        if (error.code === '40001') return false;
        throw error;
      });
    await eventually('the erasure', attempt);
  };

  /** Removes a person's events, and those without a user in sessions that name the person. */
  const forget = (events: Map<string, CountableEvent>, userId: string) => {
    const own = [...events.values()].filter((event) => event.userId === userId);
    const sessions = new Set(own.map((event) => event.sessionId));
    for (const [key, event] of events) {
      const isTheirs =
        event.userId === userId || (!event.userId && event.sessionId && sessions.has(event.sessionId));
      if (isTheirs) events.delete(key);
    }
  };

  const count = async (query: string) => {
    const { rows } = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${query}`);
    return rows[0]!.n;
  };

  it('keep every event once, whatever is posted, repeated, erased and closed at the same time', async () => {
    const source = new RandomEvents(random);
    const organizations = await Promise.all(['A', 'B'].map((name) => database.createOrganization(name)));
    const expected = new Map(organizations.map(({ id }) => [id, new Map<string, CountableEvent>()]));
    const batches: EncodedBatch[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const deliveries = organizations.map(({ id }) => {
        const known = expected.get(id)!;
        const earlier = [...known.values()];
        const own = fresh(source, random.integer(1, 300));
        const again =
          earlier.length > 0 ? own.filter(() => random.chance(0.4)).map(() => random.pick(earlier)) : [];
        for (const event of own) known.set(identity(event), event);
        return batchOf(id, random.shuffle([...own, ...again]));
      });
      batches.push(...deliveries);
      await Promise.all([
        ...deliveries.map((batch) => random.pick(workers).persist([batch])),
        ...deliveries.filter(() => random.chance(0.5)).map((batch) => workers[1].persist([batch])),
        random.pick(workers).persist([random.pick(batches)]),
        ...[1, 2, 3].filter(() => random.chance(0.5)).map((days) => close(random.pick(workers), days)),
        close(workers[0], 1),
        close(workers[1], 1),
      ]);
      if (round % 3 === 2) {
        const { id } = random.pick(organizations);
        const userId = random.pick(['ada', 'user-1', 'user-2']);
        await workers[0].compact();
        await Promise.all([erase(id, userId), close(workers[1], 2)]);
        forget(expected.get(id)!, userId);
      }
    }
    for (const days of [1, 2, 3]) await close(workers[0], days);
    for (const { id } of organizations) {
      expect(await stored(id)).toEqual(sorted(expected.get(id)!.values()).map(rowOf));
    }
    expect(await count(`event_rows WHERE ts < '${dayBefore(1).to.toISOString()}'`)).toBe(0);
    expect(await count('event_segments')).toBeGreaterThan(0);
    await expectNoDifference(database.url);
  }, 120_000);

  it('are listed newest first, page by page, with and without filters', async () => {
    const { id } = await database.createOrganization('Pages');
    const source = new RandomEvents(random);
    const events = Array.from({ length: 8 }, () => fresh(source, 250)).flat();
    for (const days of [1, 2, 3, 1]) {
      await workers[0].persist([batchOf(id, events.splice(0, 500))]);
      await close(workers[0], days);
    }
    const all = (await stored(id)).reverse();
    const reader = new EventsReadModel(new TenantReads(api), new PendingDeltas());
    const {
      user_id: userId,
      session_id: sessionId,
      type,
      ts,
    } = all.find((event) => event.user_id && event.session_id)!;
    const range = { from: today - 4 * DAY_MS, to: today + DAY_MS };
    const filters: [EventFilter, (event: StoredRow) => boolean][] = [
      [range, () => true],
      [{ ...range, type }, (event) => event.type === type],
      [{ ...range, userId: userId! }, (event) => event.user_id === userId],
      [{ ...range, sessionId: sessionId! }, (event) => event.session_id === sessionId],
      [{ ...range, userId: 'nobody' }, () => false],
      [{ from: ts - 3_600_000, to: ts }, (event) => event.ts >= ts - 3_600_000 && event.ts < ts],
    ];
    for (const [filter, matches] of filters) {
      const listed = [];
      for (let after: EventPosition | null = null; ; ) {
        const { rows, next }: EventsOfPage = await reader.list({ organizationId: id }, filter, 97, after);
        listed.push(...rows.map((event) => [event.ts.getTime(), event.id]));
        if (!next) break;
        after = next;
      }
      expect(listed).toEqual(all.filter(matches).map((event) => [event.ts, event.id]));
    }
  });

  /** A worker that remembers no event, so that only the database can tell. */
  const withNewWorker = async <T>(work: (worker: TestWorker) => Promise<T>) => {
    const worker = new TestWorker(database.url);
    try {
      return await work(worker);
    } finally {
      await worker.end();
    }
  };

  const oneEvent = (fields: Partial<PostedEvent> = {}) =>
    countable([
      {
        id: oddId(random),
        ts: dayBefore(1).from.toISOString(),
        type: 'page_view',
        payload: { page: '/' },
        ...fields,
      },
    ]);

  it('are closed by the job six hours after their end, and need no more space as rows', async () => {
    const { id } = await database.createOrganization('Job');
    await workers[0].persist([batchOf(id, oneEvent())]);
    const runAt = (now: number) => {
      const context = { clock: { ...systemClock, now: () => now }, signal: new AbortController().signal };
      return closedDays.run(
        { ...context, progress: async () => {} } as unknown as JobContext<unknown>,
        workers[0].pool,
      );
    };
    const rows = () => count(`event_rows WHERE organization_id = '${id}'`);
    await runAt(today + 6 * 3_600_000 - 1);
    expect(await rows()).toBe(1);
    expect(await runAt(today + 6 * 3_600_000)).toMatchObject({ events: 1 });
    expect(await rows()).toBe(0);
    expect(await stored(id)).toHaveLength(1);
    expect(await runAt(today + 6 * 3_600_000)).toEqual({ days: 0, events: 0, segments: 0 });
  });

  it('refuse an event that is in a segment, at the same instant only', async () => {
    const { id } = await database.createOrganization('Late');
    const events = oneEvent();
    await workers[0].persist([batchOf(id, events)]);
    await close(workers[0], 1);
    await withNewWorker(async (worker) => {
      expect(await worker.persist([batchOf(id, events)])).toMatchObject({ stored: 0, duplicate: 1 });
      const others = [
        ...oneEvent({ id: events[0]!.id, ts: new Date(events[0]!.ts + 1).toISOString() }),
        ...oneEvent(),
      ];
      expect(await worker.persist([batchOf(id, others)])).toMatchObject({ stored: 2, duplicate: 0 });
    });
    expect(await stored(id)).toHaveLength(3);
    await close(workers[0], 1);
    expect(await stored(id)).toHaveLength(3);
  });

  it('refuse an event whose row is being moved by another transaction', async () => {
    const { id } = await database.createOrganization('Race');
    const events = oneEvent();
    await workers[0].persist([batchOf(id, events)]);
    const day = dayBefore(1);
    await new ClosingStore(workers[0].pool).begin(day);
    const client = await workers[0].pool.connect();
    await client.query('BEGIN');
    const rows = await new ClosingStore(client).pendingRows(id, day, null);
    await new SegmentStore(client, id).rewrite(rows!);
    await withNewWorker(async (worker) => {
      const persisted = worker.persist([batchOf(id, events)]);
      await eventually('the insert waits', async () => (await count(WAITING)) > 0);
      await client.query('COMMIT');
      expect(await persisted).toMatchObject({ stored: 0, duplicate: 1 });
    });
    client.release();
    expect(await stored(id)).toHaveLength(1);
  });

  it('stay rows when the segments do not read back as they were', async () => {
    const { id } = await database.createOrganization('Damage');
    await workers[0].persist([batchOf(id, oneEvent())]);
    const before = await stored(id);
    await owner.query(`
      ALTER FUNCTION decode_segment RENAME TO decode_right;
      CREATE FUNCTION decode_segment(timestamptz[], timestamptz[], uuid[], text[], text, text[], text[], text[], text[],
        json[], integer[])
      RETURNS TABLE (ts timestamptz, received_at timestamptz, id text, type text, user_id text, session_id text, src text,
        payload json, type_revision integer) LANGUAGE sql AS $$
        SELECT ts, received_at, id, type, user_id, session_id, src, (payload::text || ' ')::json, type_revision
        FROM decode_right($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) $$`);
    await expect(close(workers[0], 1)).rejects.toThrow(/segments differ/);
    await owner.query('DROP FUNCTION decode_segment; ALTER FUNCTION decode_right RENAME TO decode_segment');
    expect(await count(`event_rows WHERE organization_id = '${id}'`)).toBe(1);
    expect(await stored(id)).toEqual(before);
    await close(workers[0], 1);
    expect(await stored(id)).toEqual(before);
  });

  it('become rows again when their migrations are undone', async () => {
    const events = `SELECT count(*)::int AS n, md5(string_agg(e::text, ' ' ORDER BY organization_id, ts, id)) FROM events e`;
    const { rows: before } = await owner.query(events);
    const source = new DataSource({
      type: 'postgres',
      url: database.url,
      migrations,
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    const first = migrations.findIndex(({ name }) => name === CloseDays1795800000000.name);
    for (const _ of migrations.slice(first)) await source.undoLastMigration();
    const { rows: undone } = await owner.query(events);
    expect((await owner.query(`SELECT relkind FROM pg_class WHERE relname = 'events'`)).rows).toEqual([
      { relkind: 'p' },
    ]);
    await source.runMigrations();
    await source.destroy();
    expect(before[0].n).toBeGreaterThan(0);
    expect(undone).toEqual(before);
    expect((await owner.query(events)).rows).toEqual(before);
    await expectNoDifference(database.url);
  });
});
