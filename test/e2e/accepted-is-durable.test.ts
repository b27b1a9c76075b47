import { type AnswerBody, HttpClient } from '../support/http-client.js';
import { sendRaw } from '../support/raw-http.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

describe.each(['postgres', 'redis'] as const)('accepted events, with the queue in %s', (queue) => {
  let running: RunningApi;
  beforeAll(async () => {
    running = await startApi({ queue, workers: 0 });
  });
  afterAll(() => running?.stop());

  // An event with its own id and ts is the same event however often it is sent.
  const ts = new Date().toISOString();
  const view = (id: string) => ({ id, ts, type: 'page_view', payload: { page: `/${id}` } });
  /** Every third request is invalid, for one of three reasons. */
  const bad = [{ type: 'nope' }, { type: 'page_view', payload: { page: '\0' } }, 7];
  const codes = ['unknown_type', 'invalid_unicode', 'invalid_event'];
  const isBad = (i: number) => i % 3 === 2;

  it('are gathered into few jobs, while each request gets its own answer', async () => {
    const callers = await Promise.all([1, 2, 3].map(() => running.createCaller()));
    const clients = callers.map((caller) => new HttpClient(running.url, caller.ingestKey));
    // The first request looks each key up; later ones find it in the cache.
    for (const client of clients) expect((await client.post(view('first'))).status).toBe(202);
    const before = await running.waitingJobs();

    // A hundred pipelined requests on each connection, so that they arrive at the same time.
    const chosen = (i: number) => (isBad(i) ? Math.floor(i / 3) % 3 : -1);
    const requests = Array.from({ length: 900 }, (_, i) => {
      const body = JSON.stringify(isBad(i) ? bad[chosen(i)] : view(`${i}`));
      const key = callers[Math.floor(i / 100) % 3]!.ingestKey;
      const head = `Host: x\r\nX-API-Key: ${key}\r\nContent-Type: application/json`;
      return `POST /v1/events HTTP/1.1\r\n${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    });
    const connections = Array.from({ length: 9 }, (_, c) =>
      sendRaw(running.port, requests.slice(100 * c, 100 * (c + 1)).join(''), {
        answers: 100,
        timeoutMs: 10_000,
      }),
    );
    const answers = (await Promise.all(connections))
      .flat()
      .map(({ status, body }) => ({ status, body: JSON.parse(body) as AnswerBody }));
    expect(answers).toHaveLength(900);
    answers.forEach(({ status, body }, i) => {
      if (isBad(i))
        expect([status, body.errors]).toMatchObject([400, [{ index: 0, code: codes[chosen(i)] }]]);
      else expect([status, body]).toMatchObject([202, { accepted: 1, rejected: [] }]);
    });
    const jobs = (await running.waitingJobs()) - before;
    expect(jobs).toBeGreaterThan(0);
    expect(jobs).toBeLessThan(200);
    // A batch holds the events of one organization, so no two organizations get the same batch id.
    const batches = (wanted: number) =>
      batchIds(answers.filter((_, i) => Math.floor(i / 100) % 3 === wanted));
    for (const id of batches(0)) expect(batches(1).has(id) || batches(2).has(id)).toBe(false);
  });

  it('survive a kill of the API, each stored exactly once', async () => {
    const caller = await running.createCaller();
    const client = new HttpClient(running.url, caller.ingestKey);
    const large = Array.from({ length: 1000 }, (_, i) => view(`large-${i}`));
    const retried = Array.from({ length: 3 }, () => client.deliver([view('same'), view('same')]));
    const singles = Array.from({ length: 300 }, (_, i) => client.deliver(view(`single-${i}`)));
    const answers = await Promise.all([client.deliver(large), ...retried, ...singles]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    running.api.signal('SIGKILL');

    await running.startWorker();
    const ids = (await running.untilStored(caller.organizationId, 1301)).map(({ id }) => id);
    expect(await ledger(caller)).toEqual({ received: 1306, stored: 1301, duplicate: 5, dead_lettered: 0 });
    expect(new Set(ids).size).toBe(1301);
    expect(ids).toHaveLength(1301);
  });

  const batchIds = (answers: readonly { body: AnswerBody }[]) =>
    new Set(answers.map(({ body }) => body.batch_id).filter((id) => id !== undefined));

  async function ledger({ organizationId }: Caller): Promise<unknown> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const { rows } = await running.database.query(
        `SELECT sum(received)::integer AS received, sum(stored)::integer AS stored,
           sum(duplicate)::integer AS duplicate, sum(dead_lettered)::integer AS dead_lettered
         FROM ledger WHERE organization_id = $1`,
        [organizationId],
      );
      if (rows[0].received >= 1306 || Date.now() > deadline) return rows[0];
    }
  }
});
