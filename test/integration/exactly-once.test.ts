import pg from 'pg';
import type { CountableEvent, EncodedBatch } from '#batch';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const ROUNDS = 12;
const BATCHES_PER_ROUND = 8;
const MAX_EVENTS = 60;

/** The expected contents of the database, kept in memory. */
class Expected {
  readonly events = new Map<string, CountableEvent>();
  readonly batches = new Map<string, EncodedBatch>();
  received = 0;

  add(batch: EncodedBatch, events: readonly CountableEvent[]): void {
    this.batches.set(batch.batchId, batch);
    this.received += events.length;
    for (const event of events) {
      const identity = `${batch.organizationId} ${event.ts} ${event.id}`;
      if (!this.events.has(identity)) this.events.set(identity, event);
    }
  }
}

describe('Persister and Compactor', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let workers: readonly TestWorker[];

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    workers = [new TestWorker(database.url), new TestWorker(database.url)];
  });

  afterAll(async () => {
    await Promise.all(workers?.map((worker) => worker.end()) ?? []);
    await owner?.end();
    await database?.drop();
  });

  it('count every event once despite repeated events, redelivery and concurrent workers', async () => {
    const random = Random.announced();
    const source = new RandomEvents(random);
    const organizations = await Promise.all(['A', 'B', 'C'].map((name) => database.createOrganization(name)));
    const expected = new Expected();
    const posted = new Map<string, CountableEvent[]>(organizations.map(({ id }) => [id, []]));

    const newBatch = (): EncodedBatch => {
      const { id } = random.pick(organizations);
      const earlier = posted.get(id)!;
      const fresh = countable(source.events(random.integer(1, MAX_EVENTS)));
      const again =
        earlier.length > 0 ? fresh.filter(() => random.chance(0.3)).map(() => random.pick(earlier)) : [];
      const twice = fresh.filter(() => random.chance(0.1));
      const events = random.shuffle([...fresh, ...again, ...twice]);
      earlier.push(...fresh);
      // Many share a `received_at`, as under load.
      const batch = batchOf(id, events, { receivedAt: 1000 * Math.floor(Date.now() / 1000) });
      expected.add(batch, events);
      return batch;
    };

    for (let round = 0; round < ROUNDS; round++) {
      const fresh = Array.from({ length: BATCHES_PER_ROUND }, newBatch);
      const redelivered = random.shuffle([...expected.batches.values()]).slice(0, 4);
      const both = fresh.filter(() => random.chance(0.5));
      const deliveries = random.shuffle([...fresh, ...redelivered, ...both]);
      await Promise.all([
        ...groups(deliveries, random).map((group) => random.pick(workers).persist(group)),
        ...both.map((batch) => workers[0]!.persist([batch])),
        ...both.map((batch) => workers[1]!.persist([batch])),
        ...(random.chance(0.5) ? workers.map((worker) => worker.compact()) : []),
      ]);
    }
    await expectAsExpected(expected);
    await workers[0]!.compact();
    await workers[0]!.compact();
    await expectAsExpected(expected);
    const { rows } = await owner.query('SELECT count(*)::int AS left FROM rollup_deltas');
    expect(rows).toEqual([{ left: 0 }]);
  }, 60_000);

  async function expectAsExpected({ events, batches, received }: Expected): Promise<void> {
    await expectNoDifference(database.url);
    const { rows } = await owner.query(`
      SELECT (SELECT count(*) FROM events)::int AS events, count(*)::int AS batches, sum(received)::int AS received,
             sum(stored)::int AS stored, sum(duplicate)::int AS duplicate, sum(dead_lettered)::int AS dead_lettered
      FROM ledger`);
    expect(rows).toEqual([
      {
        events: events.size,
        batches: batches.size,
        received,
        stored: events.size,
        duplicate: received - events.size,
        dead_lettered: 0,
      },
    ]);
  }
});

/** Splits deliveries into the groups that are committed together. */
function groups(deliveries: readonly EncodedBatch[], random: Random): EncodedBatch[][] {
  const split: EncodedBatch[][] = [];
  for (const delivery of deliveries) {
    if (split.length === 0 || random.chance(0.5)) split.push([]);
    split.at(-1)!.push(delivery);
  }
  return split;
}
