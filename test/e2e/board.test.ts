import { Queue } from 'bullmq';
import { loadEnvironment } from '#config';
import { ROLES } from '#database';
import { enqueueRequest, enqueueSlot } from '#jobs';
import { chooseQueueBackend, QUEUES, queueConnection } from '#queue';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const OPERATOR = 'the token of the operator, 32 bytes or more';
const SECRET = 'only-for-its-organization';

describe('the queue board', () => {
  let running: RunningApi;
  let client: HttpClient;

  beforeAll(async () => {
    running = await startApi({ workers: 0, settings: { ADMIN_TOKEN: OPERATOR } });
    client = new HttpClient(running.url, running.caller.ingestKey);
    const event = { type: 'page_view', user_id: SECRET, payload: { page: SECRET } };
    expect((await client.post([event, event])).status).toBe(202);
  });
  afterAll(() => running?.stop());

  const ask = (password: string, method: string, path: string) => {
    const headers = { authorization: `Basic ${Buffer.from(`any:${password}`).toString('base64')}` };
    return client.send({ method, path: `/queues${path}`, key: null, headers });
  };

  it('admits only admin keys and the operator', async () => {
    const { ingestKey, readKey, adminKey } = running.caller;
    const statuses = await Promise.all(
      ['', 'x', ingestKey, readKey, adminKey, OPERATOR].map(
        async (password) => (await ask(password, 'GET', '/')).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 401, 200, 200]);
    const withHeader = await client.send({ path: '/queues/api/queues', key: adminKey });
    expect([withHeader.status, withHeader.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic /),
    ]);
  });

  it('shows how many events wait, but not their contents', async () => {
    const path = '/api/queues?activeQueue=ingest&status=waiting&page=1&jobsPerPage=10';
    const { status, text } = await ask(running.caller.adminKey, 'GET', path);
    expect(status).toBe(200);
    const { queues } = JSON.parse(text) as {
      queues: { name: string; jobs: { id: string; data: unknown }[] }[];
    };
    const [job] = queues.find(({ name }) => name === 'ingest')!.jobs;
    expect(job!.data).toEqual({ batches: 1, events: 2 });
    const alone = await ask(running.caller.adminKey, 'GET', `/api/queues/ingest/${job!.id}`);
    for (const answer of [text, alone.text]) {
      expect([
        answer.includes(job!.id),
        answer.includes(running.caller.organizationId),
        answer.includes('columns'),
      ]).toEqual([true, false, false]);
    }
  });

  it('hides why a job failed, because errors quote its contents', async () => {
    const { rows } = await running.database.query<{ id: string }>(
      `UPDATE bullmq.job SET state = 'failed', failed_reason = $1, stacktrace = $2 RETURNING id`,
      [SECRET, JSON.stringify([`Error: ${SECRET}\n    at somewhere.js:1`])],
    );
    for (const password of [running.caller.adminKey, OPERATOR]) {
      const list = '/api/queues?activeQueue=ingest&status=failed&page=1&jobsPerPage=10';
      for (const path of [list, `/api/queues/ingest/${rows[0]!.id}`]) {
        const { status, text } = await ask(password, 'GET', path);
        expect([status, text.includes(rows[0]!.id), text.includes(SECRET), text.includes('.js:')]).toEqual([
          ...[200, true, false, false],
        ]);
      }
    }
    await running.database.query(`UPDATE bullmq.job SET state = 'waiting', failed_reason = NULL`);
  });

  it('records actions in the audit log, and those of the operator in the process log', async () => {
    expect((await ask(running.caller.adminKey, 'PUT', '/api/queues/ingest/retry/failed')).status).toBe(200);
    const path = '/v1/audit-log?action=queue.retry';
    const { text } = await client.send({ path, key: running.caller.adminKey });
    expect(JSON.parse(text).data).toEqual([
      expect.objectContaining({ origin: '127.0.0.1', details: { queue: 'ingest' } }),
    ]);
    expect((await ask(OPERATOR, 'PUT', '/api/queues/ingest/pause')).status).toBe(200);
    expect((await ask(OPERATOR, 'PUT', '/api/queues/ingest/resume')).status).toBe(200);
    expect(running.api.output).toMatch(/operator, from 127\.0\.0\.1: pause of all in ingest/);
  });

  it('serves only its own files', async () => {
    for (const path of ['/static/../../package.json', '/static/....//package.json', '/static/nothing.js']) {
      expect([path, (await ask(OPERATOR, 'GET', path)).status]).toEqual([path, 404]);
    }
  });

  it('lets only the operator pause a queue, and nobody delete jobs', async () => {
    const change = async (password: string, path: string) => (await ask(password, 'PUT', path)).status;
    expect(await change(running.caller.adminKey, '/api/queues/ingest/pause')).toBe(403);
    expect(await change(OPERATOR, '/api/queues/ingest/pause')).toBe(200);
    expect(await change(OPERATOR, '/api/queues/ingest/resume')).toBe(200);
    expect(await change(running.caller.adminKey, '/api/queues/ingest/retry/failed')).toBe(200);
    for (const path of ['/api/queues/ingest/empty', '/api/queues/ingest/obliterate']) {
      expect([path, await change(OPERATOR, path)]).toEqual([path, 403]);
    }
    expect(await running.waitingJobs()).toBe(1);
  });

  it('shows the slot of a scheduled job, but not its payload', async () => {
    const environment = loadEnvironment({ DATABASE_URL: running.databaseUrl });
    chooseQueueBackend(environment);
    const queue = new Queue(QUEUES.jobs.name, {
      connection: queueConnection(environment, 'producer', ROLES.api),
    });
    const slot = '2026-11-24T06:00:00.000Z';
    await enqueueSlot(queue, { name: 'weekly', options: {} }, Date.parse(slot));
    await enqueueRequest(queue, { name: 'export' }, '1', { secret: SECRET });
    await queue.close();
    const path = '/api/queues?activeQueue=jobs&status=waiting&page=1&jobsPerPage=10';
    const { status, text } = await ask(running.caller.adminKey, 'GET', path);
    const { queues } = JSON.parse(text) as { queues: { name: string; jobs: object[] }[] };
    const { jobs } = queues.find(({ name }) => name === 'jobs')!;
    expect([status, text.includes(SECRET)]).toEqual([200, false]);
    expect(jobs).toEqual([
      expect.objectContaining({ id: 'export-1', name: 'export', data: {} }),
      expect.objectContaining({ id: 'weekly-20261124T060000Z', name: 'weekly', data: { slot } }),
    ]);
  });
});
