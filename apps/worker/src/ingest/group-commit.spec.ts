import { jest } from '@jest/globals';
import { bufferPool, type EncodedBatch } from '#batch';
import { GroupCommit } from './group-commit.js';

const batch = (batchId: string, count = 1): EncodedBatch => ({
  organizationId: 'o',
  actor: 'key:a',
  clientAddress: '127.0.0.1',
  batchId,
  receivedAt: 0,
  count,
  series: [],
  sessionFacts: [],
  columns: bufferPool.lend(0),
});

/** Commits that end when the test decides. */
class Commits {
  readonly groups: string[][] = [];
  private readonly pending: { resolve(): void; reject(error: Error): void }[] = [];

  readonly commit = (batches: readonly EncodedBatch[]): Promise<void> => {
    this.groups.push(batches.map(({ batchId }) => batchId));
    return new Promise((resolve, reject) => this.pending.push({ resolve, reject }));
  };

  /** Ends the oldest running commit, and waits for what follows from it. */
  async end(error?: Error): Promise<void> {
    const { resolve, reject } = this.pending.shift()!;
    if (error) reject(error);
    else resolve();
    await settled();
  }
}

/** Enough events for a transaction of their own. */
const FULL = 1000;
/** Enough waiting events for another transaction at the same time. */
const BACKLOG = 3000;

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  let commits: Commits;
  let group: GroupCommit;

  beforeEach(() => {
    commits = new Commits();
    group = new GroupCommit(commits.commit);
  });

  it('gathers small jobs that arrive in quick succession', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      void group.submit([batch('a')]);
      await commits.end();
      for (const id of ['b', 'c']) void group.submit([batch(id)]);
      jest.advanceTimersByTime(15);
      void group.submit([batch('d')]);
      expect(commits.groups).toEqual([['a']]);
      jest.advanceTimersByTime(5);
      expect(commits.groups).toEqual([['a'], ['b', 'c', 'd']]);
      await commits.end();
      void group.submit([batch('e')]);
      void group.submit([batch('full', FULL)]);
      expect(commits.groups.slice(2)).toEqual([['e', 'full']]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('commits a single job immediately', () => {
    void group.submit([batch('a')]);
    expect(commits.groups).toEqual([['a']]);
  });

  it('runs one transaction at a time, and commits the jobs that wait together', async () => {
    for (const id of ['a', 'b', 'c']) void group.submit([batch(id, FULL)]);
    expect(commits.groups).toEqual([['a']]);
    await commits.end();
    expect(commits.groups).toEqual([['a'], ['b', 'c']]);
  });

  it('runs up to three transactions during a backlog', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) void group.submit([batch(id, BACKLOG)]);
    expect(commits.groups).toEqual([['a'], ['b'], ['c']]);
    await commits.end();
    expect(commits.groups).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('resolves a job only when its own transaction is committed', async () => {
    const done: string[] = [];
    for (const id of ['a', 'b', 'c']) void group.submit([batch(id, FULL)]).then(() => done.push(id));
    await settled();
    expect(done).toEqual([]);
    await commits.end();
    expect(done).toEqual(['a']);
    await commits.end();
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('limits the events of a transaction, but commits a larger job alone', async () => {
    void group.submit([batch('a', FULL)]);
    void group.submit([batch('large', 20_000)]);
    for (const id of ['d', 'e', 'f']) void group.submit([batch(id, 2000)]);
    for (let lane = 0; lane < 3; lane++) await commits.end();
    expect(commits.groups).toEqual([['a'], ['large'], ['d', 'e'], ['f']]);
  });

  it('isolates the job that makes a group fail', async () => {
    const outcomes = new Map<string, string>();
    for (const id of ['a', 'good', 'bad', 'fine']) {
      group.submit([batch(id, FULL)]).then(
        () => outcomes.set(id, 'committed'),
        (error: Error) => outcomes.set(id, error.message),
      );
    }
    await commits.end();
    await commits.end(new Error('of the group'));
    expect([...outcomes.keys()]).toEqual(['a']);
    await commits.end();
    await commits.end(new Error('its own'));
    await commits.end();
    expect(commits.groups.slice(1)).toEqual([['good', 'bad', 'fine'], ['good'], ['bad'], ['fine']]);
    expect(Object.fromEntries(outcomes)).toEqual({
      a: 'committed',
      good: 'committed',
      bad: 'its own',
      fine: 'committed',
    });
  });
});
