import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { getQueueToken, Processor, WorkerHost } from '@nestjs/bullmq';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Job, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { loadEnvironment } from '#config';
import { ROLES } from '#database';
import { chooseQueueBackend, QUEUES, QueuesModule, queueConnection, readJob } from '#queue';
import { ownRedisDatabase } from '../support/redis-database.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';

const PLAIN = { name: 'plain', job: {} };

/** A processor that passes its jobs to the test. */
class Receiver extends WorkerHost {
  private readonly jobs = new EventEmitter();

  async next(): Promise<Job> {
    const [job] = await once(this.jobs, 'job');
    return job;
  }

  async process(job: Job): Promise<void> {
    this.jobs.emit('job', job);
  }
}

@Processor(QUEUES.ingest.name)
class IngestReceiver extends Receiver {}

@Processor(PLAIN.name)
class PlainReceiver extends Receiver {}

describe.each(['redis', 'postgres'] as const)('queues side by side, on %s', (backend) => {
  let database: TestDatabase;
  let redis: { REDIS_URL?: string };
  let app: INestApplicationContext;

  beforeAll(async () => {
    database = await TestDatabase.create();
    redis = backend === 'redis' ? { REDIS_URL: await ownRedisDatabase() } : {};
    const environment = loadEnvironment({ DATABASE_URL: database.url, ...redis });
    chooseQueueBackend(environment);
    @Module({
      imports: [
        QueuesModule.with(queueConnection(environment, 'worker', ROLES.worker), [QUEUES.ingest, PLAIN]),
      ],
      providers: [IngestReceiver, PlainReceiver],
    })
    class TwoQueues {}
    app = await NestFactory.createApplicationContext(TwoQueues, { logger: false });
  });

  afterAll(async () => {
    await app?.close();
    chooseQueueBackend({ REDIS_URL: 'redis://localhost' });
    await database?.drop();
  });

  const queue = (name: string) => app?.get<Queue>(getQueueToken(name), { strict: false });

  it('pass the added object to the processor of a queue without a codec', async () => {
    const data = { greeting: 'hello', columns: ['a'], batches: [{ count: 1 }], nested: { at: [1, null] } };
    const received = app.get(PlainReceiver).next();
    await queue(PLAIN.name).add('greet', data, { jobId: randomUUID() });
    expect((await received).data).toEqual(data);
  });

  it('pass the text of the codec to the ingest processor', async () => {
    const { codec } = QUEUES.ingest;
    const page = {
      id: randomUUID(),
      ts: new Date().toISOString(),
      type: 'page_view',
      payload: { page: '/' },
    };
    const content = { batches: [batchOf(randomUUID(), countable([page]))] };
    const data = codec.toJobData(content);
    const rendered = codec.render(content).bytes.toString();
    const received = app.get(IngestReceiver).next();
    await queue(QUEUES.ingest.name).add('ingest', content);

    const job = await received;
    expect(JSON.parse(job.data)).toEqual(data);
    // jsonb in PostgreSQL has its own key order.
    if (backend === 'redis') expect(job.data).toBe(rendered);
    const { batches } = readJob(job, codec);
    expect(batches[0]!.columns.bytes).toEqual(content.batches[0]!.columns.bytes);
    expect(job.data).toBe('');
  });

  it('pass text that is not JSON to the ingest processor', async () => {
    // jsonb holds only valid JSON.
    if (backend === 'postgres') return;
    const ingest = queue(QUEUES.ingest.name);
    const received = app.get(IngestReceiver).next();
    await ingest.pause();
    const { id } = await ingest.add('ingest', { batches: [] });
    const client = new Redis(redis.REDIS_URL!);
    await client.hset(`bull:ingest:${id}`, 'data', '{"columns":[');
    await client.quit();
    await ingest.resume();
    const job = await received;
    expect(() => readJob(job, QUEUES.ingest.codec)).toThrow(SyntaxError);
    expect(job.data).toBe('{"columns":[');
  });
});
