import { Registry } from 'prom-client';
import { QueueWatch } from './queue-watch.js';

/** A queue and a clock that the test controls. */
function watched(highWaterMark = 3) {
  const jobs: string[] = [];
  let now = 0;
  const queue = {
    getWaitingCount: async () => jobs.length,
    getRanges: async () => jobs.slice(0, 1),
  };
  const watch = new QueueWatch(queue, highWaterMark, new Registry(), () => now);
  const pass = async (ms: number) => {
    now += ms;
    await watch.look();
  };
  return { jobs, watch, pass };
}

describe('QueueWatch', () => {
  it('reports a full queue', async () => {
    const { jobs, watch, pass } = watched();
    jobs.push('a', 'b');
    await pass(1);
    expect(watch.isFull()).toBe(false);
    jobs.push('c');
    await pass(1);
    expect(watch.isFull()).toBe(true);
  });

  it('reports how long the oldest job has been waiting', async () => {
    const { jobs, watch, pass } = watched();
    await pass(1000);
    expect(watch.stuckFor()).toBe(0);
    jobs.push('a');
    await pass(1000);
    jobs.push('b');
    await pass(1000);
    expect(watch.stuckFor()).toBe(1000);
    jobs.shift();
    await pass(1000);
    expect(watch.stuckFor()).toBe(0);
    await pass(1000);
    jobs.shift();
    await pass(1000);
    expect(watch.stuckFor()).toBe(0);
  });
});
