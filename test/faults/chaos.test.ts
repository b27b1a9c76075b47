import { setTimeout as sleep } from 'node:timers/promises';
import { BACKENDS, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { replaceWorker } from '../support/replace-worker.js';

const ROUNDS = 8;

describe('workers killed and connections cut at random moments under load', () => {
  it.concurrent.each(BACKENDS)('do not change any count, on %s', (backend) =>
    Pipeline.with(backend, async (pipeline) => {
      const random = Random.announced(backend);
      const api = await pipeline.startApi();
      const workers = [pipeline.startWorker(), pipeline.startWorker()];
      await Promise.all(workers);
      const load = pipeline.load(api, random);
      load.start(2, 100);
      for (let round = 0; round < ROUNDS; round++) {
        // Random moments are the point of this test, so it waits for no event.
        await sleep(random.integer(50, 800));
        if (random.chance(0.5)) await pipeline.terminateConnections(`random() < 0.5`);
        else replaceWorker(workers, pipeline, random);
      }
      await Promise.all(workers);
      await load.stop();
      expect(api.isRunning ? '' : api.output).toBe('');
      expect([202, 503]).toEqual(expect.arrayContaining([...load.statuses.keys()]));
      expect(load.batchIds.size).toBeGreaterThan(20);
      await pipeline.expectExactlyOnce(load);
    }),
  );
});
