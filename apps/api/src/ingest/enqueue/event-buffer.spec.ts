import { jest } from '@jest/globals';
import type { CountableEvent } from '#batch';
import type { IngestJob } from '#queue';
import { EventBuffer } from './event-buffer.js';
import { QueueUnavailable } from './queue-unavailable.js';

const series = { type: 't', dimensions: {}, measures: [] };
const event = (id: string, payloadJson = '{}'): CountableEvent => ({
  id,
  ts: 0,
  type: 't',
  userId: null,
  sessionId: null,
  src: null,
  payloadJson,
  series,
  values: [],
});
const events = (count: number, payloadJson?: string) =>
  Array.from({ length: count }, (_, i) => event(`e${i}`, payloadJson));

const sender = (organizationId: string, actor = 'key:a', clientAddress = '127.0.0.1') => ({
  organizationId,
  actor,
  clientAddress,
});

/** A queue whose jobs succeed or fail when the test decides; it uses the fake timers. */
function heldQueue() {
  const jobs: { job: IngestJob; bytes: number; succeed: () => void; fail: (error: Error) => void }[] = [];
  const queue = new EventBuffer(
    (_id, job) =>
      new Promise((succeed, fail) => {
        const bytes = job.batches.reduce((sum, { columns }) => sum + columns.bytes.length, 0);
        jobs.push({ job, bytes, succeed, fail });
      }),
    800,
    () => Date.now(),
  );
  const counts = () =>
    jobs.map(({ job }) => Object.fromEntries(job.batches.map((b) => [b.organizationId, b.count])));
  return { queue, jobs, counts };
}

/** The event loop has finished reading sockets. */
const poll = () => jest.advanceTimersByTime(0);

describe('EventBuffer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('keeps callers in separate batches, each with its addresses', () => {
    const { queue, jobs } = heldQueue();
    void queue.add(sender('a'), events(1));
    poll();
    void queue.add(sender('a', 'key:a', '::1'), events(1));
    void queue.add(sender('a', 'key:a', '::1'), events(1));
    void queue.add(sender('a', 'key:b'), events(1));
    for (let i = 0; i < 20; i++) void queue.add(sender('b', 'key:c', `10.0.0.${i}`), events(1));
    jest.runAllTimers();
    const batches = jobs
      .flatMap(({ job }) => job.batches)
      .map(({ actor, clientAddress, count }) => [actor, count, clientAddress]);
    expect(batches.slice(-3)).toEqual([
      ['key:a', 2, '::1'],
      ['key:b', 1, '127.0.0.1'],
      ['key:c', 20, `${Array.from({ length: 10 }, (_, i) => `10.0.0.${i}`).join(', ')}, …`],
    ]);
  });

  it('writes a single request immediately', () => {
    const { queue, counts } = heldQueue();
    void queue.add(sender('a'), events(1));
    poll();
    expect(counts()).toEqual([{ a: 1 }]);
  });

  it('includes all requests read in the same round of the event loop', () => {
    const { queue, counts } = heldQueue();
    for (let i = 0; i < 50; i++) void queue.add(sender('a'), events(1));
    poll();
    expect(counts()).toEqual([{ a: 50 }]);
  });

  it('resolves with the batch id only when the job is durable', async () => {
    const { queue, jobs } = heldQueue();
    const answered = jest.fn();
    const adding = queue.add(sender('a'), events(1)).then(answered);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(answered).not.toHaveBeenCalled();
    jobs[0]!.succeed();
    await adding;
    expect(answered).toHaveBeenCalledWith(jobs[0]!.job.batches[0]!.batchId);
  });

  it('gathers the requests that follow into one job, with a batch per organization', async () => {
    const { queue, counts } = heldQueue();
    void queue.add(sender('a'), events(1));
    poll();
    for (let i = 0; i < 10; i++) void queue.add(sender(i % 2 ? 'a' : 'b'), events(2));
    await jest.advanceTimersByTimeAsync(5);
    expect(counts()).toEqual([{ a: 1 }, { b: 10, a: 10 }]);
  });

  it('does not wait for the full time when no more requests arrive', async () => {
    const { queue, counts } = heldQueue();
    void queue.add(sender('a'), events(1));
    poll();
    for (let i = 0; i < 4; i++) void queue.add(sender('a'), events(1));
    await jest.advanceTimersByTimeAsync(1);
    expect(counts()).toEqual([{ a: 1 }]);
    // The full time is 5 ms; in fake timers an immediate set by a timer takes a millisecond.
    await jest.advanceTimersByTimeAsync(2);
    expect(counts()).toEqual([{ a: 1 }, { a: 4 }]);
  });

  it('does not wait for the full time when a job is full', () => {
    const { queue, counts } = heldQueue();
    void queue.add(sender('a'), events(1));
    poll();
    void queue.add(sender('a'), events(999));
    expect(counts()).toEqual([{ a: 1 }]);
    void queue.add(sender('b'), events(1));
    expect(counts()).toEqual([{ a: 1 }, { a: 999, b: 1 }]);
  });

  it('rejects only the requests whose job could not be written', async () => {
    const { queue, jobs } = heldQueue();
    const first = queue.add(sender('a'), events(1));
    poll();
    const others = Array.from({ length: 5 }, (_, i) => queue.add(sender(`org-${i}`), events(1)));
    await jest.advanceTimersByTimeAsync(5);
    jobs[1]!.fail(new Error('gone'));
    jobs[0]!.succeed();
    await expect(first).resolves.toEqual(expect.any(String));
    const results = await Promise.allSettled(others);
    expect(results.map((result) => result.status)).toEqual(Array(5).fill('rejected'));
    expect((results[0] as PromiseRejectedResult).reason).toBeInstanceOf(QueueUnavailable);
  });

  it('writes at most four jobs at a time, and continues as they end', async () => {
    const { queue, jobs, counts } = heldQueue();
    for (let i = 0; i < 6; i++) void queue.add(sender(`org-${i}`), events(1_000));
    expect(counts()).toHaveLength(4);
    jobs[0]!.succeed();
    await jest.advanceTimersByTimeAsync(5);
    expect(counts().slice(4)).toEqual([{ 'org-4': 1_000, 'org-5': 1_000 }]);
  });

  it('applies one timeout to waiting and writing together', async () => {
    const { queue, jobs, counts } = heldQueue();
    for (let i = 0; i < 4; i++) void queue.add(sender(`org-${i}`), events(1_000)).catch(() => {});
    const waiting = queue.add(sender('late'), events(1)).catch((error) => error);
    await jest.advanceTimersByTimeAsync(799);
    void queue.add(sender('later'), events(1)).catch(() => {});
    await jest.advanceTimersByTimeAsync(1);
    expect(await waiting).toBeInstanceOf(QueueUnavailable);
    jobs[0]!.fail(new Error('gone'));
    await jest.advanceTimersByTimeAsync(5);
    expect(counts()).toHaveLength(4);
    void queue.add(sender('again'), events(1));
    poll();
    expect(counts()[4]).toEqual({ again: 1 });
  });

  it('starts another job before one gets too large', async () => {
    const { queue, jobs } = heldQueue();
    const megabyte = events(100, `"${'x'.repeat(10_000)}"`);
    for (let i = 0; i < 20; i++) void queue.add(sender('a'), megabyte);
    poll();
    for (let i = 0; i < jobs.length; i++) {
      jobs[i]!.succeed();
      await jest.advanceTimersByTimeAsync(5);
    }
    const batches = jobs.map(({ job }) => job.batches);
    expect(batches.flat().reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
    for (const { bytes } of jobs) expect(bytes).toBeLessThan(5_000_000);
  });

  it('refuses events when it is full, and accepts more when there is room', async () => {
    const { queue, jobs } = heldQueue();
    const megabytes = events(50, `"${'x'.repeat(100_000)}"`);
    const adding = Array.from({ length: 20 }, () => queue.add(sender('a'), megabytes));
    const settled = Promise.allSettled(adding);
    poll();
    for (let i = 0; i < jobs.length; i++) {
      jobs[i]!.succeed();
      await jest.advanceTimersByTimeAsync(5);
    }
    const results = await settled;
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
      ...Array(13).fill(true),
      ...Array(7).fill(false),
    ]);
    await jest.advanceTimersByTimeAsync(5);
    void queue.add(sender('a'), megabytes);
    poll();
    expect(jobs).toHaveLength(14);
  }, 20_000);

  it('drains the gathered events', async () => {
    const { queue, jobs, counts } = heldQueue();
    void queue.add(sender('a'), events(1));
    poll();
    void queue.add(sender('a'), events(1));
    const drained = jest.fn();
    void queue.drain().then(drained);
    await jest.advanceTimersByTimeAsync(20);
    expect(counts()).toEqual([{ a: 1 }, { a: 1 }]);
    expect(drained).not.toHaveBeenCalled();
    for (const { succeed } of jobs) succeed();
    await jest.advanceTimersByTimeAsync(20);
    expect(drained).toHaveBeenCalled();
  });
});
