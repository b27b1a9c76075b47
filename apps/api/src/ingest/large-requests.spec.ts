import { collectGarbage } from '../../../../test/support/collect-garbage.js';
import { LargeRequests } from './large-requests.js';

describe('LargeRequests', () => {
  it('runs one at a time, in order, also after a failure', async () => {
    const requests = new LargeRequests();
    const order: string[] = [];
    const step = (name: string) => async () => {
      order.push(`${name} starts`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
      if (name === 'b') throw new Error('b fails');
      return name;
    };
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => requests.run(step(name))));
    expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not keep what is done while others wait', async () => {
    const requests = new LargeRequests();
    let end = () => {};
    const running = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done: WeakRef<object>[] = [];
    const first = Array.from({ length: 3 }, () => {
      const body = { size: 0 };
      done.push(new WeakRef(body));
      return requests.run(async () => [body]).then(() => {});
    });
    const waiting = [requests.run(() => running), requests.run(async () => {})];
    await Promise.all(first);
    await collectGarbage();
    expect(done.map((ref) => ref.deref())).toEqual([undefined, undefined, undefined]);
    end();
    await Promise.all(waiting);
  });
});
