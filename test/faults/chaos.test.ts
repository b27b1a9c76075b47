import { setTimeout as sleep } from 'node:timers/promises';
import type { BuiltProcess } from '../support/built-process.js';
import { BACKENDS, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';

const ROUNDS = 8;

describe('workers killed and connections ended at random moments under load', () => {
  it.concurrent.each(BACKENDS)('change no figure, on %s', (backend) =>
    Pipeline.with(backend, async (pipeline) => {
      const random = Random.announced(backend);
      const api = await pipeline.startApi();
      const workers = await Promise.all([pipeline.startWorker(), pipeline.startWorker()]);
      const load = pipeline.load(api, random);
      load.start(3, 50);
      for (let round = 0; round < ROUNDS; round++) {
        // At a random moment is what this is about; nothing is waited for.
        await sleep(random.integer(50, 800));
        if (random.chance(0.5)) await pipeline.terminateConnections(`random() < 0.5`);
        else await replaceOne(workers, pipeline, random);
      }
      await load.stop();
      expect(api.isRunning ? '' : api.output).toBe('');
      expect([202, 503]).toEqual(expect.arrayContaining([...load.statuses.keys()]));
      expect(load.batchIds.size).toBeGreaterThan(20);
      await pipeline.expectExactlyOnce(load);
    }),
  );
});

async function replaceOne(workers: BuiltProcess[], pipeline: Pipeline, random: Random): Promise<void> {
  const victim = random.integer(0, workers.length - 1);
  await workers[victim]!.end('SIGKILL');
  workers[victim] = await pipeline.startWorker();
}
