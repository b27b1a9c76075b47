import pg from 'pg';
import { createPool } from '#database';
import { postgresCounterStore } from '../../apps/api/src/limit/counter-store.js';
import { TestDatabase } from '../support/test-database.js';

/** A method that the limiter's types leave out. */
interface Clearing {
  clearExpired(before: number): Promise<void>;
}

describe('the table of rate limits', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let api: pg.Pool;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 4 });
  });
  afterAll(async () => {
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  it('counts over all connections with the rights of the API, and deletes ended windows', async () => {
    const { limiter } = postgresCounterStore(api, 1);
    const counts = await Promise.all(Array.from({ length: 20 }, () => limiter.penalty('a:read', 5)));
    const sums = counts.map(({ consumedPoints }) => consumedPoints).sort((a, b) => a - b);
    expect(sums).toEqual(Array.from({ length: 20 }, (_, index) => 5 * (index + 1)));
    await owner.query('UPDATE rate_limits SET expire = expire - 1000');
    expect((await limiter.penalty('a:read', 5)).consumedPoints).toBe(5);
    // The limiter runs this every five minutes, and does not report a failure.
    await (limiter as unknown as Clearing).clearExpired(Date.now() + 2000);
    expect((await owner.query('SELECT FROM rate_limits')).rowCount).toBe(0);
  });
});
