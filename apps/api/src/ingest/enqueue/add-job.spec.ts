import { addJob } from './add-job.js';
import { QueueUnavailable } from './queue-unavailable.js';

const job = { batches: [] };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A queue that is slow. */
function slowQueue(ms: number, error?: Error) {
  const jobs = new Set<string>();
  const queue = {
    async add(_name: string, _data: unknown, { jobId }: { jobId: string }) {
      await pause(ms);
      if (error) throw error;
      jobs.add(jobId);
    },
    async remove(jobId: string) {
      jobs.delete(jobId);
    },
  };
  return { jobs, queue: queue as unknown as Parameters<typeof addJob>[0] };
}

describe('addJob', () => {
  it('adds a job', async () => {
    const { queue, jobs } = slowQueue(1);
    await addJob(queue, 'a', job, 1_000);
    expect([...jobs]).toEqual(['a']);
  });

  it('throws what the queue throws', async () => {
    const { queue } = slowQueue(1, new Error('full'));
    await expect(addJob(queue, 'a', job, 1_000)).rejects.toThrow('full');
  });

  it('gives up after the timeout, and removes the job if it is added later', async () => {
    const { queue, jobs } = slowQueue(50);
    await expect(addJob(queue, 'a', job, 10)).rejects.toBeInstanceOf(QueueUnavailable);
    await pause(100);
    expect([...jobs]).toEqual([]);
  });

  it('ignores a failure after the timeout', async () => {
    const { queue } = slowQueue(50, new Error('gone'));
    await expect(addJob(queue, 'a', job, 10)).rejects.toBeInstanceOf(QueueUnavailable);
    await pause(100);
  });
});
