import { ConcurrencyLimitExceeded, OwnerConcurrencyLimit } from './owner-concurrency-limit.js';

/** Work that ends when the test decides. */
function heldWork() {
  const ends: (() => void)[] = [];
  return {
    started: () => ends.length,
    end: (i: number) => ends[i]!(),
    work: () => new Promise<void>((end) => ends.push(end)),
  };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('OwnerConcurrencyLimit', () => {
  it('limits each owner independently of the others', async () => {
    const limit = new OwnerConcurrencyLimit({ concurrency: 2, maxWaiting: 10, maxWaitMs: 1_000 });
    const [greedy, modest] = [heldWork(), heldWork()];
    const all = Array.from({ length: 5 }, () => limit.run('greedy', greedy.work));
    const one = limit.run('modest', modest.work);
    expect([greedy.started(), modest.started()]).toEqual([2, 1]);
    modest.end(0);
    await one;
    for (let i = 0; i < 5; i++) {
      greedy.end(i);
      await nextTurn();
      expect(greedy.started()).toBe(Math.min(5, i + 3));
    }
    await Promise.all(all);
  });

  it('starts the next work after a failure', async () => {
    const limit = new OwnerConcurrencyLimit({ concurrency: 1, maxWaiting: 1, maxWaitMs: 1_000 });
    const failing = limit.run('a', () => Promise.reject(new Error('in vain')));
    const next = limit.run('a', async () => 'done');
    await expect(failing).rejects.toThrow('in vain');
    await expect(next).resolves.toBe('done');
  });

  it('rejects work when the queue is full or the wait is too long', async () => {
    const limit = new OwnerConcurrencyLimit({ concurrency: 1, maxWaiting: 1, maxWaitMs: 20 });
    const first = heldWork();
    const running = limit.run('a', first.work);
    const waiting = limit.run('a', async () => 'never');
    await expect(limit.run('a', async () => 'never')).rejects.toBeInstanceOf(ConcurrencyLimitExceeded);
    await expect(waiting).rejects.toBeInstanceOf(ConcurrencyLimitExceeded);
    first.end(0);
    await running;
    await expect(limit.run('a', async () => 'again')).resolves.toBe('again');
  });

  it('does not time out running work, and frees the slots of work that gave up', async () => {
    const limit = new OwnerConcurrencyLimit({ concurrency: 1, maxWaiting: 1, maxWaitMs: 20 });
    const first = heldWork();
    const running = limit.run('a', first.work);
    await expect(limit.run('a', async () => 'never')).rejects.toBeInstanceOf(ConcurrencyLimitExceeded);
    const next = limit.run('a', async () => 'next');
    first.end(0);
    await running;
    await expect(next).resolves.toBe('next');
  });
});
