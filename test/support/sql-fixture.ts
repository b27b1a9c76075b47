import pg from 'pg';
import type { EventType } from '#catalog';
import { closeDay } from '#segments';
import { Random } from './random.js';
import { RandomEvents } from './random-events.js';
import { batchOf, countable } from './test-batch.js';
import { TestDatabase, type TestOrganization } from './test-database.js';
import { TestReader } from './test-reader.js';
import { TestWorker } from './test-worker.js';

const DAY_MS = 86_400_000;

/** An event as it is stored. */
export interface StoredEvent {
  readonly id: string;
  readonly ts: Date;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Random events of an organization that reads in SQL, and of another: on closed days, late beside closed blocks, and today;
 * some compacted, some not.
 */
export class SqlFixture {
  private constructor(
    readonly database: TestDatabase,
    /** As superuser. */
    readonly owner: pg.Client,
    readonly worker: TestWorker,
    readonly organization: TestOrganization,
    private readonly access: TestReader,
    /** As the organization's reader. */
    readonly reader: pg.Client,
  ) {}

  static async create(random: Random): Promise<SqlFixture> {
    const database = await TestDatabase.create();
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const worker = new TestWorker(database.url);
    const organizations = [
      await database.createOrganization('Reading'),
      await database.createOrganization('Other'),
    ];
    const source = new RandomEvents(random);
    const store = (count: number) =>
      worker.persist(organizations.map(({ id }) => batchOf(id, countable(source.events(count)))));
    await store(800);
    await worker.compact();
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    for (let days = 1; days <= 3; days++) {
      const from = new Date(today - days * DAY_MS);
      await closeDay(worker.pool, { from, to: new Date(from.getTime() + DAY_MS) });
    }
    await store(400);
    const organization = organizations[0]!;
    const access = await TestReader.create(database.url, organization.id);
    return new SqlFixture(database, owner, worker, organization, access, await access.connect());
  }

  /** The organization's events of one type, in order. */
  async stored({ name }: EventType): Promise<StoredEvent[]> {
    const { rows } = await this.owner.query<StoredEvent>(
      `SELECT id, ts, user_id, session_id, payload FROM events
       WHERE organization_id = $1 AND type = $2 ORDER BY ts, id`,
      [this.organization.id, name],
    );
    return rows;
  }

  async drop(): Promise<void> {
    await this.reader.end();
    await this.access.revoke();
    await this.worker.end();
    await this.owner.end();
    await this.database.drop();
  }
}
