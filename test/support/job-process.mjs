// Scheduler and processor of a worker in a process of its own, with a clock that runs fast. Settings come in JSON.
import { Queue, Worker } from 'bullmq';

const { databaseUrl, redisUrl, beganAt, beginning, speed, lockMs } = JSON.parse(process.argv[2]);
const dist = new URL('../../dist/', import.meta.url);
const from = (path) => import(new URL(path, dist));
const { createPool, ROLES } = await from('libs/database/index.js');
const { defineJob } = await from('libs/jobs/index.js');
const { loadEnvironment } = await from('libs/config/index.js');
const { chooseQueueBackend, QUEUES, queueConnection } = await from('libs/queue/index.js');
const { JobRunner } = await from('apps/worker/src/schedule/job-runner.js');
const { JobsProcessor } = await from('apps/worker/src/schedule/jobs.processor.js');
const { Scheduler } = await from('apps/worker/src/schedule/scheduler.js');
const { Shutdown } = await from('apps/worker/src/shutdown/shutdown.js');

const environment = loadEnvironment({
  DATABASE_URL: databaseUrl,
  ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
});
chooseQueueBackend(environment);
const connection = queueConnection(environment, 'worker', ROLES.worker);
const pool = createPool({ databaseUrl, role: 'worker', size: 4 });
const clock = { now: () => beginning + (Date.now() - beganAt) * speed };

/** Its effect is a row, in the middle of some work: most kills hit a run. */
const everyMinute = defineJob({
  name: 'every-minute',
  schedule: '* * * * *',
  catchUp: 1000,
  run: ({ slot, transaction }) =>
    transaction(async (client) => {
      await client.query('SELECT pg_sleep(0.2)');
      await client.query('INSERT INTO effects VALUES ($1, $2)', ['every-minute', new Date(slot)]);
      await client.query('SELECT pg_sleep(0.2)');
      return { effects: 1 };
    }),
});

const queue = new Queue(QUEUES.jobs.name, { connection, defaultJobOptions: QUEUES.jobs.job });
const scheduler = new Scheduler([everyMinute], queue, pool, clock);
const shutdown = new Shutdown();
const runner = new JobRunner([everyMinute], pool, () => undefined, clock, shutdown.signal);
const processor = new JobsProcessor(runner, shutdown);
const options = { ...QUEUES.jobs.worker, connection, autorun: true };
const worker = new Worker(QUEUES.jobs.name, (job) => processor.process(job), {
  ...options,
  lockDuration: lockMs,
  stalledInterval: lockMs / 2,
});
worker.on('error', () => {});

const TICK_MS = 100;
for (let ticks = 0; ; ticks++) {
  await scheduler.tick().catch((error) => console.error(error.message));
  if (ticks === 0) console.log('ready');
  await new Promise((resolve) => setTimeout(resolve, TICK_MS));
}
