import pg from 'pg';
import { eventually } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { BACKENDS, type Backend, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const BATCH = 400;

describe('a worker that is killed', () => {
  // In one scenario, as each of these jobs comes back only after its lock has run out.
  it.concurrent.each(BACKENDS)(
    'before its commit, in it, and before its acknowledgement counts nothing twice and loses nothing, on %s',
    (backend) =>
      Pipeline.with(backend, async (pipeline) => {
        const api = await pipeline.startApi();
        const load = pipeline.load(api, Random.announced(backend));
        const gate = await Gate.of(pipeline);

        // Never committed: its transaction ends with it.
        const first = await pipeline.startWorker();
        await gate.stopInTheMiddleOf(load);
        await first.end('SIGKILL');
        expect(await gate.abortTransactions()).toBeGreaterThan(0);

        // Committed although nobody is left to hear of it: PostgreSQL finishes the statement.
        const second = await pipeline.startWorker();
        const orphaned = await gate.stopInTheMiddleOf(load);
        await second.end('SIGKILL');

        // Committed, and killed on the way to acknowledge the job.
        const acknowledgements = await Acknowledgements.of(pipeline, backend);
        const third = await pipeline.startWorker(acknowledgements.settings);
        const taken = await gate.stopInTheMiddleOf(load);
        await acknowledgements.stop();
        await gate.open();
        await pipeline.inLedger([orphaned, taken]);
        await third.end('SIGKILL');
        await acknowledgements.lose();

        // All three jobs are still there, each held by a dead worker; two of them have been done.
        expect((await pipeline.queue.depth('ingest')).active).toBe(3);
        await pipeline.startWorker();
        await load.post(BATCH);
        await pipeline.expectExactlyOnce(load);
      }),
  );
});

/** Stops a worker's transaction between its first row and its commit. */
class Gate {
  private readonly source = new RandomEvents(new Random(1));

  private constructor(
    private readonly pipeline: Pipeline,
    private readonly holder: pg.PoolClient,
  ) {}

  static async of(pipeline: Pipeline): Promise<Gate> {
    const holder = await pipeline.owner.connect();
    await holder.query('BEGIN');
    return new Gate(pipeline, holder);
  }

  /**
   * Posts a batch whose last event somebody else is just inserting, so that the worker's insert waits for
   * it with all others inserted. Resolves, with the batch's id, when it waits.
   */
  async stopInTheMiddleOf(load: Load): Promise<string> {
    const events = this.source.events(BATCH);
    const last = events.at(-1)!;
    await this.holder.query(
      `INSERT INTO events (organization_id, ts, id, received_at, type, payload) VALUES ($1, $2, $3, now(), 'x', '{}')`,
      [this.pipeline.organization.id, last.ts, last.id],
    );
    const waiting = await this.waiting();
    await load.send(events);
    await eventually('the worker waits in its transaction', async () => (await this.waiting()) > waiting);
    return [...load.batchIds].at(-1)!;
  }

  /** Ends the transactions that wait. */
  abortTransactions(): Promise<number> {
    return this.pipeline.terminateConnections(`wait_event_type = 'Lock'`);
  }

  /** Lets everything that waits go on, as if nothing had been. */
  async open(): Promise<void> {
    await this.holder.query('ROLLBACK');
    this.holder.release();
  }

  private async waiting(): Promise<number> {
    const { rows } = await this.pipeline.owner.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length;
  }
}

/** Keeps a worker from telling the queue that a job is done. */
interface Acknowledgements {
  /** What the worker is to be started with. */
  readonly settings: { readonly REDIS_URL?: string };
  stop(): Promise<void>;
  /** What was on its way gets lost. */
  lose(): Promise<void>;
}

const Acknowledgements = {
  async of(pipeline: Pipeline, backend: Backend): Promise<Acknowledgements> {
    if (backend === 'postgres') return new LockedJobs(pipeline);
    const proxy = await TcpProxy.to(pipeline.settings.REDIS_URL!);
    return {
      settings: { REDIS_URL: proxy.url },
      stop: async () => proxy.stall(),
      lose: async () => proxy.close(),
    };
  },
};

class LockedJobs implements Acknowledgements {
  readonly settings = {};
  private holder: pg.PoolClient | undefined;

  constructor(private readonly pipeline: Pipeline) {}

  async stop(): Promise<void> {
    this.holder = await this.pipeline.owner.connect();
    await this.holder.query(`BEGIN; SELECT FROM bullmq.job WHERE state = 'active' FOR UPDATE`);
  }

  async lose(): Promise<void> {
    await this.pipeline.terminateConnections(`wait_event_type = 'Lock'`);
    await this.holder!.query('ROLLBACK');
    this.holder!.release();
  }
}
