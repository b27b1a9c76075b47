import pg from 'pg';
import { eventually } from '../support/eventually.js';
import type { Load } from '../support/load.js';
import { BACKENDS, type Backend, Pipeline } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const BATCH = 400;

describe('a worker that is killed', () => {
  // One scenario for all three, because each job is redelivered only after its lock expires.
  it.concurrent.each(BACKENDS)(
    'before, during or after its commit loses no event and counts none twice, on %s',
    (backend) =>
      Pipeline.with(backend, async (pipeline) => {
        const api = await pipeline.startApi();
        const load = pipeline.load(api, Random.announced(backend));
        const gate = await Gate.of(pipeline);

        // Not committed: its transaction is rolled back.
        const first = await pipeline.startWorker();
        await gate.stopInTheMiddleOf(load);
        await first.end('SIGKILL');
        expect(await gate.abortTransactions()).toBeGreaterThan(0);

        // Committed after the worker is gone: PostgreSQL finishes the statement.
        const second = await pipeline.startWorker();
        const orphaned = await gate.stopInTheMiddleOf(load);
        await second.end('SIGKILL');

        // Committed, but killed before it can acknowledge the job.
        const acknowledgements = await Acknowledgements.of(pipeline, backend);
        const third = await pipeline.startWorker(acknowledgements.settings);
        const committed = await gate.stopInTheMiddleOf(load);
        await acknowledgements.stop();
        await gate.open();
        await pipeline.inLedger([orphaned, committed]);
        await third.end('SIGKILL');
        await acknowledgements.lose();

        // All three jobs are still active, each locked by a dead worker; two of them are committed.
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
   * Posts a batch whose last event an open transaction has also inserted, so that the worker's insert
   * waits for that row after all others. Resolves with the batch id once it waits.
   */
  async stopInTheMiddleOf(load: Load): Promise<string> {
    const events = this.source.events(BATCH);
    const last = events.at(-1)!;
    await this.holder.query(
      `INSERT INTO event_rows (organization_id, ts, id, received_at, type, payload) VALUES ($1, $2, $3, now(), 'x', '{}')`,
      [this.pipeline.organization.id, last.ts, last.id],
    );
    const waiting = await this.waiting();
    await load.send(events);
    await eventually('the worker waits in its transaction', async () => (await this.waiting()) > waiting);
    return [...load.batchIds].at(-1)!;
  }

  /** Aborts the waiting transactions. Resolves with their number. */
  abortTransactions(): Promise<number> {
    return this.pipeline.terminateConnections(`wait_event_type = 'Lock'`);
  }

  /** Lets the waiting transactions continue, without a conflict. */
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

/** Keeps a worker from acknowledging a job to the queue. */
interface Acknowledgements {
  /** Settings to start the worker with. */
  readonly settings: { readonly REDIS_URL?: string };
  stop(): Promise<void>;
  /** Drops the acknowledgements that were held back. */
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
