import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { loadEnvironment } from '#config';
import { createPool, ensureEventPartitions, inTenant } from '#database';
import { IdentityStore } from '#identity';
import { migrate } from '../../apps/cli/src/migrate.js';
import { type ApiKey, generateApiKey, hashSecret } from '../../libs/identity/api-key.js';
import { PlainPolicies1795700000000 } from '../../migrations/1795700000000-plain-policies.js';
import { migrations } from '../../migrations/index.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const EVENTS = 50;

describe('an upgrade from policies with a sub-SELECT', () => {
  const organizations = [1, 2].map(() => ({ id: randomUUID(), key: generateApiKey() }));
  let database: TestDatabase;
  let owner: pg.Client;
  let api: pg.Pool;

  beforeAll(async () => {
    database = await TestDatabase.createEmpty();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await migrateToVersionBefore();
    await ensureEventPartitions(owner, 90, Date.now());
    for (const { id, key } of organizations) await fill(id, key);
    expect(await policiesWithSubSelect()).toBeGreaterThan(20);
    await migrate(loadEnvironment({ DATABASE_URL: database.url }));
    api = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
  });
  afterAll(async () => {
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Migrates to the policies of the version before. */
  async function migrateToVersionBefore(): Promise<void> {
    const source = new DataSource({
      type: 'postgres',
      url: database.url,
      migrations: migrations.slice(0, migrations.indexOf(PlainPolicies1795700000000) + 1),
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    await source.runMigrations();
    await source.undoLastMigration();
    await source.destroy();
  }

  /** In plain SQL, because the current stores may need later columns. */
  async function fill(id: string, { publicId, secret }: ApiKey): Promise<void> {
    await owner.query(`INSERT INTO organizations (id, name) VALUES ($1, 'Upgraded')`, [id]);
    await owner.query(
      `INSERT INTO api_keys (organization_id, public_id, secret_hash, name, scopes)
       VALUES ($1, $2, $3, 'first', '{admin}')`,
      [id, publicId, hashSecret(secret)],
    );
    await owner.query(
      `INSERT INTO events (organization_id, ts, received_at, id, type, user_id, payload)
       SELECT $1, now() - n * interval '13 hours', now(), 'event-' || n, 'page_view', 'user-' || n % 3, '{}'
       FROM generate_series(1, ${EVENTS}) AS n`,
      [id],
    );
  }

  const policiesWithSubSelect = async () => {
    const { rowCount } = await owner.query(
      `SELECT FROM pg_policies WHERE qual ILIKE '%select%' OR with_check ILIKE '%select%'`,
    );
    return rowCount;
  };

  /** Relies on row-level security alone. */
  const visibleEvents = (organizationId: string) =>
    inTenant(api, organizationId, async (client) => {
      const { rows } = await client.query(
        'SELECT organization_id, count(*)::integer AS events FROM events GROUP BY organization_id',
      );
      return rows;
    });

  it('replaces every policy', async () => {
    expect(await policiesWithSubSelect()).toBe(0);
  });

  it('keeps the events of each organization visible to it alone', async () => {
    for (const { id } of organizations) {
      expect(await visibleEvents(id)).toEqual([{ organization_id: id, events: EVENTS }]);
    }
    expect((await api.query('SELECT FROM events')).rowCount).toBe(0);
  });

  it('finds out from the events when users were active', async () => {
    const { rows: days } = await owner.query(
      `SELECT organization_id, day::text, user_id, first_quarter, last_quarter FROM user_days ORDER BY 1, 2, 3`,
    );
    const { rows: expected } = await owner.query(
      `SELECT organization_id, (ts AT TIME ZONE 'UTC')::date::text AS day, user_id,
              (date_part('hour', min(ts) AT TIME ZONE 'UTC') * 4 + floor(date_part('minute', min(ts)) / 15))::int AS first_quarter,
              (date_part('hour', max(ts) AT TIME ZONE 'UTC') * 4 + floor(date_part('minute', max(ts)) / 15))::int AS last_quarter
       FROM events GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );
    expect(days).toEqual(expected);
    const { rows } = await owner.query(
      `SELECT user_id, first_day FROM user_first_days
       EXCEPT SELECT user_id, (min(ts) AT TIME ZONE 'UTC')::date FROM events GROUP BY organization_id, user_id`,
    );
    expect(rows).toEqual([]);
    const { rowCount } = await owner.query(`SELECT FROM user_periods WHERE unit = 'week'`);
    expect(rowCount).toBeGreaterThanOrEqual(organizations.length * 4 * 3);
  });

  it('keeps API keys valid', async () => {
    for (const { id, key } of organizations) {
      const holder = await new IdentityStore(api).authenticate(key);
      expect(holder).toMatchObject({ organizationId: id });
    }
  });

  it('results in a database that accepts more events', async () => {
    const worker = new TestWorker(database.url);
    const events = new RandomEvents(Random.announced());
    await worker.persist(organizations.map(({ id }) => batchOf(id, countable(events.events(EVENTS)))));
    await worker.end();
    for (const { id } of organizations) {
      expect(await visibleEvents(id)).toEqual([{ organization_id: id, events: 2 * EVENTS }]);
    }
  });
});
