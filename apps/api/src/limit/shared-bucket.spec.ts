import fc from 'fast-check';
import type { Count, RateLimitStatus } from './bucket.js';
import { SharedBucket } from './shared-bucket.js';

const WINDOW_MS = 1000;

/** The counter that replicas share, with a clock that the test moves. */
class Counter {
  now = 0;
  questions = 0;
  private counted = 0;
  private endsAt = 0;

  replica(): SharedBucket {
    return new SharedBucket(
      (requests) => this.add(requests),
      () => this.now,
    );
  }

  private async add(requests: number): Promise<Count> {
    this.questions++;
    if (this.now >= this.endsAt) {
      this.counted = 0;
      this.endsAt = this.now + WINDOW_MS;
    }
    this.counted += requests;
    const { counted, endsAt } = this;
    // The count as it was at the request: answers may arrive late.
    await new Promise(setImmediate);
    return { counted, endsAt };
  }
}

const admitted = (statuses: readonly RateLimitStatus[]) =>
  statuses.filter((status) => status.admitted).length;

/** Requests one after the other, until one is refused. */
async function drain(bucket: SharedBucket, limit: number): Promise<number> {
  for (let count = 0; ; count++) if (!(await bucket.admit(limit)).admitted) return count;
}

describe('a shared bucket', () => {
  it('admits exactly the limit over all replicas, in any order of requests', async () => {
    const replica = fc.integer({ min: 0, max: 2 });
    const bursts = fc.array(fc.record({ replica, size: fc.integer({ min: 1, max: 60 }) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), bursts, async (limit, sent) => {
        const counter = new Counter();
        const replicas = [counter.replica(), counter.replica(), counter.replica()];
        const answers = await Promise.all(
          sent.flatMap(({ replica: at, size }) =>
            Array.from({ length: size }, () => replicas[at]!.admit(limit)),
          ),
        );
        let sum = admitted(answers);
        expect(sum).toBeLessThanOrEqual(limit);
        for (const bucket of replicas) sum += await drain(bucket, limit);
        expect(sum).toBe(limit);
      }),
      { numRuns: 50 },
    );
  });

  it('asks once for all waiting requests, and a hundred times per window', async () => {
    const counter = new Counter();
    const bucket = counter.replica();
    const first = await Promise.all(Array.from({ length: 500 }, () => bucket.admit(100_000)));
    expect([admitted(first), counter.questions]).toEqual([500, 1]);
    expect(await drain(bucket, 100_000)).toBe(99_500);
    expect(counter.questions).toBe(100);
    await drain(bucket, 100_000);
    expect(counter.questions).toBe(100);
  });

  it('reports how many requests are left, and until when', async () => {
    const counter = new Counter();
    const bucket = counter.replica();
    await bucket.admit(3);
    counter.now = 400;
    expect([await bucket.admit(3), await bucket.admit(3), await bucket.admit(3)]).toEqual([
      { admitted: true, limit: 3, remaining: 1, resetMs: 600 },
      { admitted: true, limit: 3, remaining: 0, resetMs: 600 },
      { admitted: false, limit: 3, remaining: 0, resetMs: 600 },
    ]);
  });

  it('starts over with each window, and drops its unused reservation', async () => {
    const counter = new Counter();
    const [a, b] = [counter.replica(), counter.replica()];
    expect(await drain(a, 500)).toBe(500);
    counter.now = WINDOW_MS;
    expect(a.isIdle()).toBe(true);
    // The first of five reserved requests: the other four expire with the window.
    expect((await b.admit(500)).admitted).toBe(true);
    counter.now = 2 * WINDOW_MS;
    expect(await drain(a, 500)).toBe(500);
    expect(await drain(b, 500)).toBe(0);
  });

  it('applies a limit that changes within a window', async () => {
    const bucket = new Counter().replica();
    expect(await drain(bucket, 10)).toBe(10);
    // The refused request was also counted.
    expect(await drain(bucket, 50)).toBeGreaterThanOrEqual(39);
    expect((await bucket.admit(5)).admitted).toBe(false);
  });

  it('applies a lowered limit to its reservation', async () => {
    const bucket = new Counter().replica();
    for (let i = 0; i < 3; i++) await bucket.admit(1_000);
    expect(await bucket.admit(5)).toMatchObject({ admitted: true, limit: 5, remaining: 1 });
    expect(await drain(bucket, 5)).toBe(1);
  });
});
