import type pg from 'pg';
import { createPool, inTenant } from '#database';
import { RangeUsersReadModel } from '#people';
import { PendingDeltas } from '#rollups';
import { Random } from '../support/random.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS = 4;
const USERS = 40;
const ROUNDS = 6;
const EVENTS_PER_ROUND = 60;
const RANGES_PER_ROUND = 60;

describe('users of a range', () => {
  const random = Random.announced();
  const now = Date.now();
  const start = Math.floor(now / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS;
  const events: { readonly user: string; readonly ts: number }[] = [];
  let database: TestDatabase;
  let api: pg.Pool;
  let worker: TestWorker;
  let organizationId: string;

  beforeAll(async () => {
    database = await TestDatabase.create();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
    worker = new TestWorker(database.url);
    organizationId = (await database.createOrganization('own')).id;
  });
  afterAll(async () => {
    await worker?.end();
    await api?.end();
    await database?.drop();
  });

  /** Often at quarter-hours and at minutes, where ranges begin and end. */
  function instant(): number {
    const ts = start + random.integer(0, now - start);
    const unit = random.pick([1, MINUTE_MS, 15 * MINUTE_MS, DAY_MS]);
    return Math.max(start, Math.floor(ts / unit) * unit - random.pick([0, 0, 1]));
  }

  async function storeEvents(): Promise<void> {
    const added = Array.from({ length: EVENTS_PER_ROUND }, () => ({
      user: `user-${random.integer(0, USERS - 1)}`,
      ts: instant(),
    }));
    const posted = added.map(({ user, ts }, i) => ({
      ...{ id: `${events.length + i}`, type: 'page_view', user_id: user },
      ...{ ts: new Date(ts).toISOString(), payload: { page: '/' } },
    }));
    await worker.persist([batchOf(organizationId, countable(posted, now))]);
    events.push(...added);
  }

  it('are counted from days of users, deltas and as few events as possible', async () => {
    const pending = new PendingDeltas();
    for (let round = 0; round < ROUNDS; round++) {
      await storeEvents();
      if (random.chance(0.5)) await worker.compact();
      for (let i = 0; i < RANGES_PER_ROUND; i++) {
        const [a, b] = [instant(), random.chance(0.3) ? now + random.integer(1, DAY_MS) : instant()];
        const range = { from: Math.min(a, b), to: Math.max(a, b) };
        const found = await inTenant(api, organizationId, (client) =>
          new RangeUsersReadModel(client, organizationId, pending).count(range),
        );
        const own = events.filter(({ ts }) => ts >= range.from && ts < range.to);
        expect({ range, found }).toEqual({ range, found: new Set(own.map(({ user }) => user)).size });
      }
    }
  });
});
