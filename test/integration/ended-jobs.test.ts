import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { loadEnvironment } from '#config';
import { ROLES } from '#database';
import { chooseQueueBackend, QUEUES, queueConnection } from '#queue';
import { FailedJobs } from '../../apps/worker/src/erasure/failed-jobs.js';
import { ownRedisDatabase } from '../support/redis-database.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';

const { codec } = QUEUES.deadLetters;
const OWN = randomUUID();
const OTHER = randomUUID();
const ADA = { organizationId: OWN, userIds: ['ada'], sessionIds: ['of ada'], range: null };

const events = (...users: (string | undefined)[]) =>
  countable(
    users.map((user_id) => ({
      ...{ id: randomUUID(), ts: new Date().toISOString(), type: 'page_view', payload: { page: '/' } },
      ...(user_id ? { user_id } : { session_id: 'of ada' }),
    })),
  );

describe.each(['redis', 'postgres'] as const)('permanently failed jobs, on %s', (backend) => {
  let database: TestDatabase;
  let queue: Queue;

  beforeAll(async () => {
    database = await TestDatabase.create();
    const redis = backend === 'redis' ? { REDIS_URL: await ownRedisDatabase() } : {};
    const environment = loadEnvironment({ DATABASE_URL: database.url, ...redis });
    chooseQueueBackend(environment);
    queue = new Queue(QUEUES.deadLetters.name, {
      connection: queueConnection(environment, 'worker', ROLES.worker),
    });
    await queue.waitUntilReady();
  });

  afterAll(async () => {
    chooseQueueBackend({ REDIS_URL: 'redis://localhost' });
    await queue?.close();
    await database?.drop();
  });

  const add = async (...batches: ReturnType<typeof batchOf>[]) => {
    const job = { batches, reason: 'because', failedAt: 1 };
    const { id } = await queue.add('dead', codec.toJobData(job), { jobId: randomUUID() });
    return id!;
  };

  it('lose the events of an erased person, and count them', async () => {
    const theirs = await add(batchOf(OWN, events('ada', undefined)));
    const mixed = await add(batchOf(OWN, events('bob', 'ada', 'bob')), batchOf(OTHER, events('ada')));
    const unrelated = await add(batchOf(OTHER, events('ada', 'bob')));
    const text = { text: 'ada', reason: 'not JSON', failedAt: 1 };
    const unreadable = (await queue.add('dead', text, { jobId: randomUUID() })).id!;
    const untouched = (await queue.getJob(unrelated))!.data;

    const jobs = new FailedJobs(queue, codec, 'all');
    expect(await jobs.erase(ADA)).toBe(3);
    const emptied = (await queue.getJob(theirs))!.data.batches;
    expect(emptied).toEqual([expect.objectContaining({ count: 0, erased: 2 })]);
    expect((await queue.getJob(unrelated))!.data).toEqual(untouched);
    expect((await queue.getJob(unreadable))!.data.text).toBe('ada');
    const left = codec.fromJobData((await queue.getJob(mixed))!.data);
    expect(left).toMatchObject({ reason: 'because', failedAt: 1 });
    expect(left.batches.map(({ organizationId, count, erased }) => [organizationId, count, erased])).toEqual([
      [OWN, 2, 1],
      [OTHER, 1, undefined],
    ]);
    expect(left.batches[0]!.columns.bytes.includes('ada')).toBe(false);
    expect(await jobs.erase(ADA)).toBe(0);
    expect(await new FailedJobs(queue, codec, 'failed').erase(ADA)).toBe(0);
  });

  it('list the sessions that name a person', async () => {
    const session = (session_id: string, user_id: string) =>
      countable([
        {
          id: randomUUID(),
          ts: new Date().toISOString(),
          type: 'page_view',
          session_id,
          user_id,
          payload: { page: '/' },
        },
      ]);
    await add(batchOf(OWN, session('s1', 'ada')), batchOf(OWN, session('s2', 'bob')));
    await add(batchOf(OTHER, session('s3', 'ada')));
    expect(await new FailedJobs(queue, codec, 'all').sessionsOf(ADA)).toEqual(['s1']);
  });
});
