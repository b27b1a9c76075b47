import { Interrupted, retryTransient, waitAfter } from './retry-transient.js';

const failure = (code: string) => Object.assign(new Error(code), { code });
const neverAborted = () => new AbortController().signal;

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
  it.each(['08006', '40P01', '40001', '53300', '55P03', '57P01', '57P03', '58030', '25006', 'ECONNREFUSED'])(
    'retries after %s',
    async (code) => {
      const work = new Work([failure(code)]);
      await retryTransient(work.run, neverAborted(), () => {});
      expect(work.tries).toBe(2);
    },
  );

  it('reports each failure and the wait that follows', async () => {
    const reported: unknown[] = [];
    const errors = [failure('57P03'), failure('ECONNREFUSED'), failure('08006')];
    await retryTransient(new Work(errors).run, neverAborted(), (error, ms) => reported.push([error, ms]));
    expect(reported).toEqual([
      [errors[0], 50],
      [errors[1], 100],
      [errors[2], 200],
    ]);
  });

  it('doubles the wait each time, up to five seconds', () => {
    const waits = Array.from({ length: 9 }, (_, failures) => waitAfter(failures));
    expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(waitAfter(100_000)).toBe(5000);
  });

  it.each(['22P02', '23505', '42P01', 'ERR_SOMETHING'])('throws %s without a retry', async (code) => {
    const work = new Work([failure(code)]);
    await expect(retryTransient(work.run, neverAborted(), () => {})).rejects.toThrow(code);
    expect(work.tries).toBe(1);
  });

  it('stops waiting when the process shuts down', async () => {
    const shutdown = new AbortController();
    const work = new Work(Array.from({ length: 30 }, () => failure('57P03')));
    const running = retryTransient(work.run, shutdown.signal, () => {
      // In the middle of the second wait.
      if (work.tries === 2) setImmediate(() => shutdown.abort());
    });
    await expect(running).rejects.toBeInstanceOf(Interrupted);
    expect(work.tries).toBe(2);
  });

  it('returns the result of work that finishes during a shutdown', async () => {
    const shutdown = new AbortController();
    const work = async () => {
      shutdown.abort();
      return 'done';
    };
    await expect(retryTransient(work, shutdown.signal, () => {})).resolves.toBe('done');
  });
});
