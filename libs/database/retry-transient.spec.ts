import { Interrupted, retryTransient } from './retry-transient.js';

const failure = (code: string) => Object.assign(new Error(code), { code });
const signal = () => new AbortController().signal;

/** Work that fails with each of the given errors in turn and then succeeds. */
class Work {
  tries = 0;

  constructor(private readonly errors: readonly Error[]) {}

  readonly run = async (): Promise<void> => {
    const error = this.errors[this.tries++];
    if (error) throw error;
  };
}

describe('retryTransient', () => {
  const realSetTimeout = globalThis.setTimeout;

  beforeAll(() => {
    // Every wait is over at once; how long it would have been is told to `onWait`.
    const atOnce = (work: () => void) => realSetTimeout(work, 0);
    globalThis.setTimeout = atOnce as typeof setTimeout;
  });

  afterAll(() => {
    globalThis.setTimeout = realSetTimeout;
  });

  async function waits(work: Work): Promise<number[]> {
    const waited: number[] = [];
    await retryTransient(work.run, signal(), (_error, ms) => waited.push(ms));
    return waited;
  }

  it.each(['08006', '40P01', '40001', '53300', '55P03', '57P01', '57P03', '58030', '25006', 'ECONNREFUSED'])(
    'waits %s out',
    async (code) => {
      const work = new Work([failure(code), failure(code)]);
      expect(await waits(work)).toEqual([50, 100]);
      expect(work.tries).toBe(3);
    },
  );

  it('waits longer each time, up to five seconds, for as long as it takes', async () => {
    const waited = await waits(new Work(Array.from({ length: 30 }, () => failure('57P03'))));
    expect(waited).toHaveLength(30);
    expect(waited.slice(0, 8)).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000]);
    expect(new Set(waited.slice(8))).toEqual(new Set([5000]));
  });

  it.each(['22P02', '23505', '42P01', 'ERR_SOMETHING'])('hands %s on at once', async (code) => {
    const work = new Work([failure(code)]);
    await expect(retryTransient(work.run, signal(), () => {})).rejects.toThrow(code);
    expect(work.tries).toBe(1);
  });

  it('gives up only when the process ends, and says so', async () => {
    const controller = new AbortController();
    const work = new Work(Array.from({ length: 30 }, () => failure('57P03')));
    const running = retryTransient(work.run, controller.signal, () => {
      if (work.tries === 2) controller.abort();
    });
    await expect(running).rejects.toBeInstanceOf(Interrupted);
    expect(work.tries).toBe(2);
  });
});
