import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '#database';
import type { Actor } from '#identity';
import type { Clock } from '#jobs';
import { JobActsStore } from './job-acts.store.js';
import { type JobOverview, type JobRun, jobOverview, type RegisteredJob } from './job-overview.js';
import { type JobAct, JobsReadModel } from './jobs.read-model.js';
import { requestedSlot } from './requested-slot.js';

/** Runs and acts that `find` returns. */
const HISTORY = 50;

/** A job with its history, the newest first. */
export interface JobDetails extends JobOverview {
  readonly runs: readonly JobRun[];
  readonly acts: readonly JobAct[];
}

/** What came of asking for a run. */
export type RequestedRun =
  | { readonly status: 'queued'; readonly name: string; readonly slot: Date }
  | ({ readonly status: 'completed'; readonly name: string } & JobRun);

/** The slot that was asked for cannot be run. */
export class UnknownSlot extends Error {}

/** What operators see of scheduled jobs and do with them. Everything they do is recorded. */
export class JobAdministration {
  /** @param pool acts as the API's role */
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<JobOverview[]> {
    const jobs = await new JobsReadModel(this.pool).jobs();
    return jobs.map((job) => jobOverview(job, this.clock.now()));
  }

  /** @returns null when there is no such job */
  async find(name: string): Promise<JobDetails | null> {
    const model = new JobsReadModel(this.pool);
    const [job] = await model.jobs(name);
    if (!job) return null;
    const runs = await model.runs(name, HISTORY);
    return { ...jobOverview(job, this.clock.now()), runs, acts: await model.acts(name, HISTORY) };
  }

  /**
   * Asks the workers to run a job now, or for a slot of its schedule. A slot has one effect, so one that has been run is not
   * run again.
   * @param slot milliseconds since the epoch; absent: now
   * @returns null when there is no such job
   * @throws UnknownSlot saying what is wrong with it
   */
  run(actor: Actor, name: string, slot?: number): Promise<RequestedRun | null> {
    return this.change(name, async (client, job) => {
      const requested = requestedSlot(job.schedule, slot, this.clock.now());
      if ('fault' in requested) throw new UnknownSlot(requested.fault);
      const at = new Date(requested.slot);
      const earlier = await new JobsReadModel(client).runOf(name, at);
      if (earlier) return { status: 'completed', name, ...earlier };
      await new JobActsStore(client).record(actor, name, { act: 'run', slot: at });
      return { status: 'queued', name, slot: at };
    });
  }

  /** From now on its slots are not run. @returns null when there is no such job */
  pause(actor: Actor, name: string): Promise<JobOverview | null> {
    return this.setPaused(actor, name, 'pause');
  }

  /** Workers run its slots again, and catch up as if they had been down. @returns null when there is no such job */
  resume(actor: Actor, name: string): Promise<JobOverview | null> {
    return this.setPaused(actor, name, 'resume');
  }

  private setPaused(actor: Actor, name: string, act: 'pause' | 'resume'): Promise<JobOverview | null> {
    return this.change(name, async (client) => {
      const acts = new JobActsStore(client);
      if (await acts[act](name)) await acts.record(actor, name, { act });
      const [job] = await new JobsReadModel(client).jobs(name);
      return jobOverview(job!, this.clock.now());
    });
  }

  private change<T>(
    name: string,
    work: (client: ClientBase, job: RegisteredJob) => Promise<T>,
  ): Promise<T | null> {
    return inTransaction(this.pool, async (client) => {
      const [job] = await new JobsReadModel(client).jobs(name);
      return job ? work(client, job) : null;
    });
  }
}
