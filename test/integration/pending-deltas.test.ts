import type pg from 'pg';
import { createPool, inTenant } from '#database';
import { PendingDeltas, type SeriesDelta } from '#rollups';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const TYPES = ['command_execution', 'page_view'];
const STEPS = 500;
const EVENTS_PER_BATCH = 4;
const MOST_READERS = 5;

/** What the transaction sees, added up by PostgreSQL: events and the sum of all values, by series and base bucket. */
const STORED = `
  SELECT d.type || ' ' || (s->>'t') || ' ' || (s->>'d')::jsonb AS key, sum((s->>'c')::int)::int AS events,
         coalesce(sum((SELECT sum((value->>1)::numeric) FROM json_each(s->'m'))), 0)::float8 AS sum
  FROM rollup_deltas d, json_array_elements(series) AS s WHERE organization_id = $1 GROUP BY 1`;

interface Sum {
  readonly key: string;
  readonly events: number;
  readonly sum: number;
}

/** A snapshot that stays open. */
interface Snapshot {
  readonly client: pg.PoolClient;
  close(): Promise<void>;
}

describe('PendingDeltas', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let api: pg.Pool;
  let worker: TestWorker;
  let organizationId: string;
  const snapshots: Snapshot[] = [];

  beforeAll(async () => {
    database = await TestDatabase.create();
    api = createPool({ databaseUrl: database.url, role: 'api', size: MOST_READERS });
    worker = new TestWorker(database.url);
    organizationId = (await database.createOrganization('own')).id;
  });

  afterAll(async () => {
    for (const open of snapshots) await open.close();
    await worker?.end();
    await api?.end();
    await database?.drop();
  });

  async function storeEvents(): Promise<void> {
    const now = Date.now();
    const posted = new RandomEvents(random, now).events(EVENTS_PER_BATCH);
    const typed = posted.filter(({ type }) => TYPES.includes(type));
    if (typed.length > 0) await worker.persist([batchOf(organizationId, countable(typed, now))]);
  }

  function snapshot(): Promise<Snapshot> {
    return new Promise((resolve, reject) => {
      const held = inTenant(
        api,
        organizationId,
        async (client) => {
          await client.query('SELECT 1');
          await new Promise<void>((end) => {
            const close = () => {
              end();
              return held;
            };
            resolve({ client, close });
          });
        },
        { mode: 'ISOLATION LEVEL REPEATABLE READ, READ ONLY' },
      );
      held.catch(reject);
    });
  }

  async function found(pending: PendingDeltas, { client }: Snapshot): Promise<Sum[]> {
    const sums = new Map<string, Sum>();
    for (const type of TYPES) {
      for (const { series } of await pending.series(client, organizationId, [type])) {
        for (const delta of series) add(sums, type, delta);
      }
    }
    return sorted([...sums.values()]);
  }

  it('gives each snapshot the deltas that it sees, whoever asks in between', async () => {
    const pending = new PendingDeltas();
    let compared = 0;
    for (let step = 0; step < STEPS; step++) {
      await storeEvents();
      if (random.chance(0.005)) await worker.compact();
      if (snapshots.length === MOST_READERS) await snapshots.splice(random.integer(0, 4), 1)[0]!.close();
      if (random.chance(0.2)) snapshots.push(await snapshot());
      if (snapshots.length === 0 || random.chance(0.7)) continue;
      const asked = random.pick(snapshots);
      const rows = sorted((await asked.client.query<Sum>(STORED, [organizationId])).rows);
      const answer = await found(pending, asked);
      expect(answer.map(({ key, events }) => ({ key, events }))).toEqual(
        rows.map(({ key, events }) => ({ key, events })),
      );
      for (const [i, { sum }] of answer.entries()) expect(sum).toBeCloseTo(rows[i]!.sum, 3);
      compared++;
    }
    expect(compared).toBeGreaterThan(STEPS / 10);
  });
});

const sorted = (sums: readonly Sum[]) => [...sums].sort((a, b) => (a.key < b.key ? -1 : 1));

function add(sums: Map<string, Sum>, type: string, { t, d, c, m }: SeriesDelta): void {
  // As PostgreSQL writes jsonb: shorter keys first.
  const order = Object.keys(d).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const pairs = order.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(d[name])}`);
  const key = `${type} ${t} {${pairs.join(', ')}}`;
  const before = sums.get(key) ?? { key, events: 0, sum: 0 };
  const values = Object.values(m).reduce((sum, [, own]) => sum + own, 0);
  sums.set(key, { key, events: before.events + c, sum: before.sum + values });
}
