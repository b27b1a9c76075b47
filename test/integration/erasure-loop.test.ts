import type { Queue } from 'bullmq';
import pg from 'pg';
import { Loop } from '#jobs';
import { PendingErasures } from '../../apps/worker/src/erasure/pending-erasures.js';
import { erasures } from '../../apps/worker/src/jobs/erasures.loop.js';
import { eventually } from '../support/eventually.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const nothingQueued = { getRanges: async () => [] } as unknown as Queue;

describe('the erasure loop', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    worker = new TestWorker(database.url);
  });
  afterAll(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Requests an erasure in a new organization. Resolves with the id of the organization. */
  async function request(): Promise<string> {
    const { id } = await database.createOrganization('Erasing');
    await owner.query(
      `INSERT INTO erasures (organization_id, actor, origin, user_ids) VALUES ($1, 'key:test', '::1', '{ada}')`,
      [id],
    );
    return id;
  }

  const done = (organizationId: string) =>
    eventually('the person is erased', async () => {
      const { rows } = await owner.query<{ origin: string }>(
        `SELECT origin FROM audit_log WHERE organization_id = $1 AND action = 'user.erased'`,
        [organizationId],
      );
      return rows[0]?.origin === '::1';
    });

  it.each([
    ['53200', 'out of memory'],
    ['XX000', 'a bug'],
  ])('retries a request that fails with %s, %s, without delaying others', async (code) => {
    const [first, second] = [await request(), await request()];
    await owner.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.organization_id = '${first}' THEN RAISE 'not now' USING ERRCODE = '${code}'; END IF;
         RETURN NEW; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON erasures FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    const pending = new PendingErasures(worker.pool, nothingQueued, worker.eraser());
    const loop = new Loop({ ...erasures, run: (context) => erasures.run(context, pending) });
    loop.start();
    try {
      await done(second);
      await owner.query('DROP FUNCTION refuse CASCADE');
      await done(first);
    } finally {
      await loop.stop();
    }
  });
});
