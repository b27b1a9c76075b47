import { BACKENDS, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';

const TERMINATION_MS = 10_000;

describe('SIGTERM under load', () => {
  it.concurrent.each(BACKENDS)('loses no event and leaves no job active, on %s', async (backend) => {
    await Pipeline.with(backend, async (pipeline) => {
      const [api, first, second] = await Promise.all([
        pipeline.startApi(),
        pipeline.startWorker(),
        pipeline.startWorker(),
      ]);
      const load = pipeline.load(api, Random.announced(backend));
      load.start();
      await pipeline.accepted(load, 20);
      expect(await terminationOf(first)).toBeLessThan(TERMINATION_MS);
      await pipeline.accepted(load, load.batchIds.size + 20);
      expect(await terminationOf(api)).toBeLessThan(TERMINATION_MS);
      await load.stop();
      // No answer where the connection is refused; otherwise accepted or refused as a whole.
      expect([0, 202, 503]).toEqual(expect.arrayContaining([...load.statuses.keys()]));
      expect(await terminationOf(second)).toBeLessThan(TERMINATION_MS);
      // A job still active would have been abandoned, and would come back only as stalled.
      expect((await pipeline.queue.depth('ingest')).active).toBe(0);
      await pipeline.startWorker();
      await pipeline.expectExactlyOnce(load);
    });
  });
});

async function terminationOf(started: { end(signal: 'SIGTERM'): Promise<unknown> }): Promise<number> {
  const begun = performance.now();
  expect([0, 'SIGTERM']).toContain(await started.end('SIGTERM'));
  return performance.now() - begun;
}
