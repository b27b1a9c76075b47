import pg from 'pg';
import { createPool, inTenant } from '#database';
import { closeDay } from '#segments';
import { RejectionsStore } from '../../apps/api/src/ingest/rejections/rejections.store.js';
import { renderStats, type Stats } from '../../apps/api/src/query/figures/render-stats.js';
import { StatsReadModel } from '../../apps/api/src/query/figures/stats.read-model.js';
import { TenantReads } from '../../apps/api/src/query/tenant-reads/tenant-reads.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase, type TestOrganization } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const DAY_MS = 86_400_000;
const ROUNDS = 12;
const EVENTS = 100;

/** The same from the raw events. */
const ORACLE = `
  SELECT count(*)::float8 AS events,
         (count(*) FILTER (WHERE (ts AT TIME ZONE 'UTC')::date = $2::date))::float8 AS events_today,
         count(DISTINCT user_id)::float8 AS users, count(DISTINCT session_id)::float8 AS sessions,
         min(ts) AS first_event, max(ts) AS last_event,
         (SELECT json_agg(t ORDER BY count DESC, type COLLATE "C") FROM (
            SELECT type, count(*) AS count FROM events WHERE organization_id = $1 GROUP BY type) AS t) AS by_type
  FROM events WHERE organization_id = $1`;

describe('stats', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Client;
  let api: pg.Pool;
  let worker: TestWorker;
  let stats: StatsReadModel;
  const rejected = new Map<string, Map<string, number>>();
  let own: TestOrganization;
  let other: TestOrganization;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 4 });
    worker = new TestWorker(database.url);
    stats = new StatsReadModel(new TenantReads(api));
    [own, other] = [await database.createOrganization('own'), await database.createOrganization('other')];
  });

  afterAll(async () => {
    await worker?.end();
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  const statsOn = async ({ id }: TestOrganization, day: number): Promise<Stats> =>
    renderStats(await stats.totals({ organizationId: id }, day / 1000));

  /** Counts rejected events, as an API does. */
  async function reject(id: string, code: string, events: number): Promise<void> {
    const counts = rejected.get(id) ?? new Map<string, number>();
    rejected.set(id, counts.set(code, (counts.get(code) ?? 0) + events));
    const bucket = today - random.integer(0, 9) * 900_000;
    await inTenant(api, id, (client) => new RejectionsStore(client, id).add([{ bucket, code, events }]));
  }

  function rejectionsOf(id: string): Pick<Stats, 'rejected' | 'rejections'> {
    const rejections = [...rejected.get(id)!].map(([code, count]) => ({ code, count }));
    rejections.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
    return { rejected: rejections.reduce((sum, { count }) => sum + count, 0), rejections };
  }

  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const closeYesterday = () => closeDay(worker.pool, { from: new Date(today - DAY_MS), to: new Date(today) });

  it('equal the raw events, as rows or columns, compacted or not', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { id } of [own, other]) {
        const events = new RandomEvents(random).events(random.integer(1, EVENTS));
        await worker.persist([batchOf(id, countable(events))]);
        await reject(id, random.pick(['unknown_type', 'schema_violation']), random.integer(1, 9));
      }
      if (random.chance(0.4)) await worker.compact();
      if (random.chance(0.3)) await closeYesterday();
      for (const organization of [own, other]) {
        const day = today - random.integer(-1, 2) * DAY_MS;
        const { rows } = await owner.query(ORACLE, [organization.id, new Date(day).toISOString()]);
        expect(await statsOn(organization, day)).toEqual({ ...rows[0], ...rejectionsOf(organization.id) });
      }
    }
  });

  it('stay the same while days are closed and deltas are compacted', async () => {
    const before = await statsOn(own, today);
    let isDone = false;
    const work = (async () => {
      for (let n = 0; n < 5; n++) {
        const late = countable(new RandomEvents(random, today - DAY_MS / 2).events(EVENTS));
        await worker.persist([batchOf(other.id, late)]);
        await closeYesterday();
        await worker.compact();
      }
      isDone = true;
    })();
    for (let n = 0; !isDone || n < 5; n++) expect(await statsOn(own, today)).toEqual(before);
    await work;
  });
});
