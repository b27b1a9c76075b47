import { bodyOf } from '../support/administration.js';
import { eventually } from '../support/eventually.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { expectNoDifference } from '../support/judge.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const PERSON = 'ada.lovelace@example.org';

interface Erased {
  readonly status: string;
  readonly erased: Readonly<Record<string, number>> | null;
  readonly erasure_id: string;
}

describe.each(['postgres', 'redis'] as const)('erasing a person, with the queue in %s', (queue) => {
  let running: RunningApi;
  let discreet: Caller;

  beforeAll(async () => {
    running = await startApi({ queue, workers: 0 });
    discreet = await running.createCaller();
    await running.database.query(
      `UPDATE organizations SET settings = '{"anonymize_user_ids": true}' WHERE id = $1`,
      [discreet.organizationId],
    );
  });
  afterAll(() => running?.stop());

  const clientOf = (caller: Caller) => new HttpClient(running.url, caller.adminKey);
  const erase = (client: HttpClient, user = PERSON, key?: string) =>
    client.send({ method: 'DELETE', path: `/v1/users/${encodeURIComponent(user)}`, ...(key && { key }) });

  async function post(caller: Caller): Promise<void> {
    const client = clientOf(caller);
    const page = (user_id: string, session_id: string) => ({
      ...{ type: 'page_view', user_id, session_id, payload: { page: '/', status: 200 } },
    });
    const events = [page(PERSON, 's1'), page(PERSON, 's1'), page('bob', 's2')];
    expect((await client.post(events)).status).toBe(202);
    const known = await client.post({ external_id: PERSON, name: 'Ada' }, { path: '/v1/users' });
    expect(known.status).toBe(201);
  }

  it('stays pending until a worker runs, and covers events that were still queued', async () => {
    await post(running.caller);
    const client = clientOf(running.caller);
    const asked = await erase(client);
    expect([asked.status, bodyOf(asked)]).toEqual([202, expect.objectContaining({ status: 'pending' })]);
    // The user record is deleted immediately.
    expectProblem(await client.send({ path: `/v1/users/${PERSON}` }), 404, 'not_found');
    await running.startWorker();
    const { organizationId } = running.caller;
    await eventually('the person is erased', async () => {
      const { rows } = await running.database.query(
        'SELECT counts, user_ids FROM erasures WHERE organization_id = $1 AND finished_at IS NOT NULL',
        [organizationId],
      );
      if (rows.length === 0) return false;
      const counts = { users: 1, events: 2, sessions: 1, days: 1, dead_letters: 0 };
      expect(rows).toEqual([{ counts, user_ids: [] }]);
      return true;
    });
    const { data } = bodyOf(await client.send({ path: '/v1/events' })) as { data: { user_id: string }[] };
    expect(data.map(({ user_id }) => user_id)).toEqual(['bob']);
    const { series } = bodyOf(await client.send({ path: '/v1/aggregates?type=page_view&window=1d' })) as {
      series: { points: { count: number }[] }[];
    };
    expect(series[0]!.points.map(({ count }) => count)).toEqual([3]);
    await expectNoDifference(running.databaseUrl);
  });

  it.each([
    ['keeps user ids', () => running.caller],
    ['anonymizes', () => discreet],
  ])('leaves no trace in an organization that %s', async (_what, callerOf) => {
    const caller = callerOf();
    const client = clientOf(caller);
    await post(caller);
    const answer = await erase(client);
    const { erased, status } = bodyOf(answer) as unknown as Erased;
    const counts = { users: 1, events: 2, sessions: 1, days: 1, dead_letters: 0 };
    expect([answer.status, status, erased]).toEqual([200, 'done', counts]);
    expectProblem(await erase(client), 404, 'not_found');
    const events = bodyOf(await client.send({ path: `/v1/events?user_id=${encodeURIComponent(PERSON)}` }));
    expect(events.data).toEqual([]);
    await expectNoDifference(running.databaseUrl);
    const { rows } = await running.database.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    for (const { name } of rows) {
      const { rows: found } = await running.database.query(
        `SELECT t::text AS row FROM ${name} t WHERE t::text LIKE '%ada.lovelace%'`,
      );
      expect([name, found]).toEqual([name, []]);
    }
    expect(running.api.output).not.toContain('ada.lovelace');
  });

  it('is recorded in the audit log without the user id', async () => {
    const client = clientOf(running.caller);
    const { data } = bodyOf(await client.send({ path: '/v1/audit-log?action=user.erased' })) as {
      data: { details: Record<string, unknown> }[];
    };
    expect(data[0]!.details).toMatchObject({ erasure_id: expect.any(String) });
    const asked = bodyOf(
      await client.send({ path: '/v1/audit-log?action=user.erase' }),
    ) as typeof bodyOf.prototype;
    const [first] = asked.data as { actor: string; origin: string; details: Record<string, string> }[];
    expect(first).toMatchObject({ actor: expect.stringMatching(/^key:/), origin: '127.0.0.1' });
    expect(first!.details.user).toMatch(/^anon_/);
  });

  it('continues with other requests when one fails, and retries that one', async () => {
    const client = clientOf(running.caller);
    const { organizationId } = running.caller;
    await post(running.caller);
    // An event of an unregistered type: its dimensions are unknown, so the erasure fails.
    await running.database.query(
      `INSERT INTO event_rows (organization_id, ts, received_at, id, type, user_id, payload)
       VALUES ($1, now(), now(), 'ghost', 'ghost', 'bob', '{}')`,
      [organizationId],
    );
    expect(bodyOf(await erase(client, 'bob'))).toMatchObject({ status: 'pending' });
    expect((await erase(client)).status).toBe(200);
    const { rows } = await running.database.query(
      'SELECT user_ids FROM erasures WHERE organization_id = $1 AND finished_at IS NULL',
      [organizationId],
    );
    expect(rows).toEqual([{ user_ids: expect.arrayContaining(['bob']) }]);
    await running.database.query(`DELETE FROM event_rows WHERE type = 'ghost'`);
    await eventually(
      'it is tried again',
      async () => (await client.send({ path: '/v1/events?user_id=bob' })).text.includes('"data":[]'),
      45_000,
    );
    await expectNoDifference(running.databaseUrl);
  }, 90_000);

  it('needs an admin key, and answers 404 for an unknown user', async () => {
    const client = clientOf(running.caller);
    for (const key of [running.caller.readKey, running.caller.ingestKey]) {
      expectProblem(await erase(client, PERSON, key), 403, 'forbidden');
    }
    for (const unknown of ['nobody', '\0', 'x'.repeat(257)]) {
      expectProblem(await erase(client, unknown), 404, 'not_found');
    }
  });
});
