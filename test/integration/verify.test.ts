import pg from 'pg';
import { loadEnvironment } from '#config';
import { verify } from '../../apps/cli/src/verify/verify.js';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const BATCH = 300;

describe('verify', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let organizationId: string;

  beforeAll(async () => {
    database = await TestDatabase.create();
    ({ id: organizationId } = await database.createOrganization('Verified'));
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const worker = new TestWorker(database.url);
    const events = new RandomEvents(Random.announced());
    await worker.persist([batchOf(organizationId, countable(events.events(BATCH)))]);
    await worker.compact();
    await worker.persist([batchOf(organizationId, countable(events.events(BATCH)))]);
    await worker.end();
  });

  afterAll(async () => {
    await owner?.end();
    await database?.drop();
  });

  const differences = async () => {
    const { lines } = await verify(loadEnvironment({ DATABASE_URL: database.url }));
    return lines;
  };

  it('reports no difference, with and without deltas folded in', async () => {
    const { compared } = await expectNoDifference(database.url);
    expect([...compared.keys()].sort()).toEqual([
      'ledger rows',
      'rollups',
      'sessions',
      'user days',
      'weeks, months and first days of users',
    ]);
    expect(compared.get('ledger rows')).toBe(2);
  });

  const where = (condition: string, table = 'rollups') =>
    `(SELECT ctid FROM ${table} WHERE ${condition} LIMIT 1)`;

  it.each([
    [
      'a changed count',
      `UPDATE rollups SET count = count + 1 WHERE ctid = ${where(`measure = ''`)}`,
      [/count expected/],
    ],
    [
      'a changed sum',
      `UPDATE rollups SET sum = sum * 1.001 + 1 WHERE ctid = ${where('max > min')}`,
      [/sum expected/],
    ],
    ['a missing rollup', `DELETE FROM rollups WHERE ctid = ${where(`measure = ''`)}`, [/count/]],
    [
      'a missing event',
      `DELETE FROM event_rows WHERE id = (SELECT min(id) FROM events WHERE type = 'button_click'
        AND session_id IS NOT NULL)`,
      [/^rollup/, /^rollup/, /^rollup/, /^rollup/, /^rollup/, /^session/, /^ledger/],
    ],
    [
      'a missing delta',
      `DELETE FROM rollup_deltas WHERE id = (SELECT min(id) FROM rollup_deltas)`,
      [/^rollup/],
    ],
    [
      'a changed session',
      `UPDATE sessions SET events = events + 1 WHERE ctid = ${where('true', 'sessions')}`,
      [/^session .*events expected/],
    ],
    [
      'a missing user',
      `DELETE FROM user_days WHERE ctid = ${where(`user_id = 'ada'`, 'user_days')};
        DELETE FROM activity_deltas`,
      [/^session/],
    ],
    [
      'an extra user',
      `INSERT INTO user_days SELECT organization_id, day, 'nobody' FROM user_days LIMIT 1`,
      [/^user day .* nobody: expected none, found/, /^week .* nobody: seen expected true, found false/],
    ],
    [
      'a changed ledger row',
      `UPDATE ledger SET stored = stored - 1, duplicate = duplicate + 1
        WHERE batch_id = (SELECT batch_id FROM ledger LIMIT 1)`,
      [/^ledger .* stored expected 300, found 299/],
    ],
    [
      'a missing ledger row',
      `DELETE FROM ledger WHERE batch_id = (SELECT batch_id FROM ledger LIMIT 1)`,
      [/^ledger .* stored expected 300, found 0/],
    ],
  ])('reports %s', async (_what, damage, expected) => {
    await owner.query('CREATE SCHEMA kept');
    const tables = [
      'rollups',
      'event_rows',
      'rollup_deltas',
      'sessions',
      'user_days',
      'activity_deltas',
      'ledger',
    ];
    for (const table of tables) await owner.query(`CREATE TABLE kept.${table} AS TABLE ${table}`);
    try {
      await owner.query(damage);
      const lines = await differences();
      expect(lines.length).toBeGreaterThanOrEqual(expected.length);
      // If the event was the only one of its user on that day, the user day differs, too.
      for (const pattern of expected) expect(lines).toContainEqual(expect.stringMatching(pattern));
    } finally {
      for (const table of tables) {
        await owner.query(`DELETE FROM ${table}`);
        await owner.query(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept.${table}`);
      }
      await owner.query('DROP SCHEMA kept CASCADE');
    }
  });
});
