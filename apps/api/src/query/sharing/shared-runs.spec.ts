import { type Run, SharedRuns } from './shared-runs.js';

/** Work that begins and ends when the test decides. */
function heldWork() {
  const runs: { readonly run: Run; end(answer: string): void; fail(error: Error): void }[] = [];
  const work = (run: Run) => new Promise<string>((end, fail) => runs.push({ run, end, fail }));
  return { runs, work };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const staying = () => new AbortController().signal;

describe('SharedRuns', () => {
  it('gives one answer to all who ask before a run begins, and a run of their own to those who ask later', async () => {
    const shared = new SharedRuns<string>();
    const { runs, work } = heldWork();
    const early = [shared.run('a', staying(), work), shared.run('a', staying(), work)];
    await nextTurn();
    expect(runs).toHaveLength(1);
    runs[0]!.run.begin();
    const late = shared.run('a', staying(), work);
    await nextTurn();
    expect(runs).toHaveLength(2);
    runs[0]!.end('first');
    runs[1]!.end('second');
    expect(await Promise.all([...early, late])).toEqual(['first', 'first', 'second']);
  });

  it('keeps different work apart', async () => {
    const shared = new SharedRuns<string>();
    const { runs, work } = heldWork();
    const all = [shared.run('a', staying(), work), shared.run('b', staying(), work)];
    await nextTurn();
    runs.forEach(({ end }, i) => void end(String(i)));
    expect(await Promise.all(all)).toEqual(['0', '1']);
  });

  it('aborts a run when the last caller has left', async () => {
    const shared = new SharedRuns<string>();
    const { runs, work } = heldWork();
    const [one, other] = [new AbortController(), new AbortController()];
    const all = [shared.run('a', one.signal, work), shared.run('a', other.signal, work)];
    await nextTurn();
    const { run, fail } = runs[0]!;
    one.abort();
    expect(run.signal.aborted).toBe(false);
    other.abort();
    expect(run.signal.aborted).toBe(true);
    fail(new Error('aborted'));
    await expect(Promise.allSettled(all)).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
  });

  it('starts anew after a failure', async () => {
    const shared = new SharedRuns<string>();
    const failed = shared.run('a', staying(), () => Promise.reject(new Error('in vain')));
    await expect(failed).rejects.toThrow('in vain');
    await expect(shared.run('a', staying(), async () => 'done')).resolves.toBe('done');
  });
});
