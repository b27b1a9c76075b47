import type { Load } from '../support/load.js';
import { BACKENDS, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describe('an outage', () => {
  it.concurrent.each(BACKENDS)(
    'of the queue gets clients a 503 within a second, and no partial batch is accepted, on %s',
    (backend) =>
      Pipeline.with(backend, async (pipeline) => {
        const { DATABASE_URL, REDIS_URL } = pipeline.settings;
        const proxy = await TcpProxy.to(REDIS_URL ?? DATABASE_URL);
        const [api] = await Promise.all([
          pipeline.startApi(REDIS_URL ? { REDIS_URL: proxy.url } : { DATABASE_URL: proxy.url }),
          pipeline.startWorker(),
        ]);
        const load = pipeline.load(api, Random.announced(backend));
        expect(await timed(load)).toMatchObject({ status: 202 });
        proxy.cut();
        for (let i = 0; i < 3; i++) await expectRefusal(load);
        proxy.mend();
        await backTo202(load);
        proxy.stall();
        for (let i = 0; i < 3; i++) await expectRefusal(load);
        proxy.mend();
        await backTo202(load);
        await pipeline.expectExactlyOnce(load);
        // A request is accepted as a whole or not at all.
        const { rows } = await pipeline.owner.query<{ received: number }>('SELECT received FROM ledger');
        expect(new Set(rows.map(({ received }) => received))).toEqual(new Set([BATCH]));
        proxy.close();
      }),
  );

  it.concurrent.each(BACKENDS)(
    'of the database pauses the workers, and uses up no attempt of a job, on %s',
    (backend) =>
      Pipeline.with(backend, async (pipeline) => {
        const proxy = await TcpProxy.to(pipeline.settings.DATABASE_URL);
        const [api, worker] = await Promise.all([
          pipeline.startApi(),
          pipeline.startWorker({ DATABASE_URL: proxy.url }),
        ]);
        const load = pipeline.load(api, Random.announced(backend));
        load.start(2, 20);
        for (let outage = 0; outage < 3; outage++) {
          await pipeline.accepted(load, load.batchIds.size + 10);
          proxy.cut();
          await pipeline.accepted(load, load.batchIds.size + 10);
          proxy.mend();
        }
        await load.stop();
        await pipeline.expectExactlyOnce(load);
        // A shutdown does not wait for a database that never comes back.
        proxy.cut();
        await load.post(BATCH);
        const begun = performance.now();
        await worker.end('SIGTERM');
        expect(performance.now() - begun).toBeLessThan(10_000);
        await pipeline.startWorker();
        await pipeline.expectExactlyOnce(load);
        proxy.close();
      }),
  );
});

const BATCH = 20;

async function timed(load: Load) {
  const begun = performance.now();
  const response = await load.post(BATCH);
  return {
    status: response?.status,
    retryAfter: response?.headers.get('retry-after'),
    milliseconds: performance.now() - begun,
  };
}

async function expectRefusal(load: Load): Promise<void> {
  const { status, retryAfter, milliseconds } = await timed(load);
  expect(status).toBe(503);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  expect(milliseconds).toBeLessThan(1000);
}

async function backTo202(load: Load): Promise<void> {
  const deadline = Date.now() + 15_000;
  while ((await timed(load)).status !== 202) {
    if (Date.now() > deadline) throw new Error('no batch is accepted although the queue is back');
  }
}
