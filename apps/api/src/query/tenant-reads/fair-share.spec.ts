import { FairShare, TooManyWaiting } from './fair-share.js';

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  return {
    begun: () => ends.length,
    end: (i: number) => ends[i]!(),
    work: () => new Promise<void>((end) => ends.push(end)),
  };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('FairShare', () => {
  it('lets nobody have more than their share, and nobody wait for another', async () => {
    const share = new FairShare({ atOnce: 2, mostWaiting: 10, patienceMs: 1_000 });
    const [greedy, modest] = [held(), held()];
    const all = Array.from({ length: 5 }, () => share.run('greedy', greedy.work));
    const one = share.run('modest', modest.work);
    expect([greedy.begun(), modest.begun()]).toEqual([2, 1]);
    modest.end(0);
    await one;
    for (let i = 0; i < 5; i++) {
      greedy.end(i);
      await soon();
      expect(greedy.begun()).toBe(Math.min(5, i + 3));
    }
    await Promise.all(all);
  });

  it('goes on after work that failed', async () => {
    const share = new FairShare({ atOnce: 1, mostWaiting: 1, patienceMs: 1_000 });
    const failing = share.run('a', () => Promise.reject(new Error('in vain')));
    const next = share.run('a', async () => 'done');
    await expect(failing).rejects.toThrow('in vain');
    await expect(next).resolves.toBe('done');
  });

  it('refuses what would wait behind too many, or for too long', async () => {
    const share = new FairShare({ atOnce: 1, mostWaiting: 1, patienceMs: 20 });
    const first = held();
    const running = share.run('a', first.work);
    const waiting = share.run('a', async () => 'never');
    await expect(share.run('a', async () => 'never')).rejects.toBeInstanceOf(TooManyWaiting);
    await expect(waiting).rejects.toBeInstanceOf(TooManyWaiting);
    first.end(0);
    await running;
    await expect(share.run('a', async () => 'again')).resolves.toBe('again');
  });
});
