import { setTimeout as sleep } from 'node:timers/promises';
import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { expectNoDifference } from '../support/judge.js';
import { BACKENDS, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { replaceWorker } from '../support/replace-worker.js';

const DAY_MS = 86_400_000;
const DAYS = 4;
const ROUNDS = 6;
const ERASED = 'user-3';

interface Row {
  readonly key: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
}

describe('closing days while events arrive, with processes killed and connections cut', () => {
  it.concurrent.each(BACKENDS)('keeps every event once, also when a person is erased, on %s', (backend) =>
    Pipeline.with(backend, async (pipeline) => {
      const random = Random.announced(backend);
      const api = await pipeline.startApi();
      const workers = [pipeline.startWorker(), pipeline.startWorker()];
      await Promise.all(workers);
      const load = pipeline.load(api, random, Date.now() - DAY_MS);
      const closers = [new Closer(pipeline, random), new Closer(pipeline, random)];
      load.start(2, 50);
      for (const closer of closers) closer.start();
      for (let round = 0; round < ROUNDS; round++) {
        // Random moments are the point of this test, so it waits for no event.
        await sleep(random.integer(100, 900));
        if (random.chance(0.5)) await pipeline.terminateConnections('random() < 0.5');
        else replaceWorker(workers, pipeline, random);
      }
      await Promise.all(workers);
      await load.stop();
      await pipeline.expectExactlyOnce(load);

      // The closers go on meanwhile.
      const before = await rowsOf(pipeline);
      await erase(pipeline, ERASED);
      for (const closer of closers) await closer.stop();
      expect(await rowsOf(pipeline)).toEqual(without(before, ERASED));

      for (let days = 1; days <= DAYS; days++) await closeDay(pipeline, days).ended();
      expect(await rowsOf(pipeline)).toEqual(without(before, ERASED));
      const { rows } = await pipeline.owner.query('SELECT sum(events)::int AS closed FROM event_blocks');
      expect(rows[0].closed).toBeGreaterThan(before.length / 2);
      await expectNoDifference(pipeline.database.url);
    }),
  );
});

/** Closes random days, one after the other, and kills every other attempt. */
class Closer {
  private isStopped = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly pipeline: Pipeline,
    private readonly random: Random,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const closing = closeDay(this.pipeline, this.random.integer(1, DAYS));
      if (this.random.chance(0.5)) {
        await sleep(this.random.integer(150, 500));
        await closing.end('SIGKILL');
      }
      await closing.ended();
    }
  }
}

function closeDay({ settings }: Pipeline, daysAgo: number): BuiltProcess {
  const date = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
  return BuiltProcess.start('apps/cli/src/main.js', settings, ['close-day', date]);
}

/** All events, as text. */
async function rowsOf({ owner }: Pipeline): Promise<Row[]> {
  const { rows } = await owner.query<Row>(
    'SELECT e::text AS key, user_id, session_id FROM events AS e ORDER BY organization_id, ts, id',
  );
  return rows;
}

/** Events but those of a person, and those without a user in a session of the person. */
function without(rows: readonly Row[], userId: string): Row[] {
  const sessions = new Set(rows.flatMap((row) => (row.user_id === userId ? [row.session_id] : [])));
  return rows.filter(
    ({ user_id, session_id }) =>
      user_id !== userId && !(user_id === null && session_id !== null && sessions.has(session_id)),
  );
}

async function erase({ owner, organization }: Pipeline, userId: string): Promise<void> {
  const { rows } = await owner.query<{ id: string }>(
    `INSERT INTO erasures (organization_id, actor, user_ids) VALUES ($1, 'key:test', $2) RETURNING id`,
    [organization.id, [userId]],
  );
  await eventually('the erasure', async () => {
    const { rowCount } = await owner.query('SELECT FROM erasures WHERE id = $1 AND finished_at IS NOT NULL', [
      rows[0]!.id,
    ]);
    return rowCount === 1;
  });
}
