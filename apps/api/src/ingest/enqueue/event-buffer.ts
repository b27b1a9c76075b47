import type { CountableEvent, Sender } from '#batch';
import type { IngestJob } from '#queue';
import { JobDraft } from './job-draft.js';
import { QueueUnavailable } from './queue-unavailable.js';

/** A job is written at once when none was in this time; what comes sooner shares the next one. */
const LINGER_MS = 5;
/**
 * The linger for jobs of a hundred events and more: half as many jobs cost API, worker and queue a sixth less
 * CPU an event. With fewer clients at a time, waiting that long would only slow them down.
 */
const LONGEST_LINGER_MS = 10;
/**
 * When nothing comes for this long, those who would send more are waiting themselves: 64 connections then
 * get 27 % more single events a second through.
 */
const QUIET_MS = 1;
/** But no two jobs are written within this time. */
const SHORTEST_LINGER_MS = 2;
/** Events at which a job is written without waiting for its time. */
const FULL = 1000;
/** A job takes no further request past this size: rendering a job holds the event loop, 10 ms for each MiB. */
const FULL_BYTES = 4 * 1024 * 1024;
/** Jobs being written at once. */
const MAX_WRITES = 4;
/** What may wait for its job to be written; past this, requests are refused instead of piling up. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** Writes one job durably within some milliseconds, or throws; then it is as if it had not been tried. */
export type AddJob = (jobId: string, job: IngestJob, timeoutMs: number) => Promise<void>;

/**
 * Gathers accepted events into jobs. Every caller waits for the write of the job that holds its events,
 * all of them in one job, so nothing is ever half-taken.
 *
 * A lone request is written at once. Under load a job is written every few milliseconds and shared by all
 * that came meanwhile, events of one caller in one batch: single-event requests then cost a
 * fraction of a job each.
 */
export class EventBuffer {
  /** In order of arrival; only the last one takes more. */
  private drafts: JobDraft[] = [];
  private heldBytes = 0;
  private writes = 0;
  private lastWrite = 0;
  private lastAdd = 0;
  private linger = LINGER_MS;
  private timer: NodeJS.Timeout | undefined;
  private timerDue = 0;
  private polling: NodeJS.Immediate | undefined;

  /**
   * @param timeoutMs how long a caller waits at most
   * @param clock milliseconds since the epoch
   */
  constructor(
    private readonly addJob: AddJob,
    private readonly timeoutMs: number,
    private readonly clock: () => number = Date.now,
  ) {}

  /**
   * Resolves with the batch's id once its job is durable.
   * @throws QueueUnavailable
   */
  async add(sender: Sender, events: readonly CountableEvent[]): Promise<string> {
    const bytes = sizeOf(events);
    if (this.heldBytes > 0 && this.heldBytes + bytes > MAX_HELD_BYTES) {
      throw new QueueUnavailable(`${this.heldBytes} bytes wait to be written`);
    }
    const draft = this.draftFor(bytes);
    this.lastAdd = this.clock();
    const batchId = draft.put(sender, events, bytes, this.lastAdd);
    this.heldBytes += bytes;
    this.schedule();
    await draft.written;
    return batchId;
  }

  /** Resolves when everything gathered so far has been written or refused. */
  async drain(): Promise<void> {
    while (this.drafts.length > 0 || this.writes > 0) {
      this.write();
      await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    }
  }

  private draftFor(bytes: number): JobDraft {
    const last = this.drafts.at(-1);
    if (last && last.bytes + bytes <= FULL_BYTES) return last;
    const draft = new JobDraft(this.clock() + this.timeoutMs);
    this.drafts.push(draft);
    return draft;
  }

  private schedule(): void {
    const [first] = this.drafts;
    if (!first) return;
    const due = this.writes >= MAX_WRITES ? first.deadline : this.dueAt();
    const wait = due - this.clock();
    if (this.writes >= MAX_WRITES) this.lookAgainAt(due, wait);
    else if (this.drafts.length > 1 || first.count >= FULL) this.write();
    else if (wait > 0) this.lookAgainAt(due, wait);
    else this.writeAfterPoll();
  }

  /**
   * Not before the event loop has read what has already arrived: otherwise the first of fifty requests that
   * wait in their sockets goes alone. 512 connections then fill jobs of 160 single events instead of 55, which
   * halves what the worker spends on each.
   */
  private writeAfterPoll(): void {
    this.polling ??= setImmediate(() => {
      this.polling = undefined;
      const isDue = this.drafts.length > 0 && this.writes < MAX_WRITES && this.dueAt() <= this.clock();
      if (isDue) this.write();
      else this.schedule();
    });
  }

  private dueAt(): number {
    const quiet = Math.max(this.lastAdd + QUIET_MS, this.lastWrite + SHORTEST_LINGER_MS);
    return Math.min(quiet, this.lastWrite + this.linger);
  }

  /** One timer for all who wait: setting one for each request would cost more than its validation. */
  private lookAgainAt(due: number, wait: number): void {
    if (this.timer && this.timerDue <= due) return;
    clearTimeout(this.timer);
    this.timerDue = due;
    this.timer = setTimeout(() => this.lookAgain(), wait);
  }

  private lookAgain(): void {
    this.timer = undefined;
    const now = this.clock();
    while (this.drafts.length > 0 && this.drafts[0]!.deadline <= now) this.giveUp(this.drafts.shift()!);
    this.schedule();
  }

  /** What waits for a slow queue to take what came before must not wait as long again. */
  private giveUp(draft: JobDraft): void {
    this.heldBytes -= draft.bytes;
    draft.fail(new QueueUnavailable('the queue is behind'));
  }

  private write(): void {
    const draft = this.drafts.shift();
    if (!draft) return;
    this.lastWrite = this.clock();
    this.linger = Math.min(LONGEST_LINGER_MS, Math.max(LINGER_MS, draft.count / 10));
    this.writes++;
    void this.writeJob(draft).then(
      () => draft.succeed(),
      (error) => draft.fail(error),
    );
    this.schedule();
  }

  private async writeJob(draft: JobDraft): Promise<void> {
    try {
      const now = this.clock();
      const batches = draft.batches(now);
      await this.addJob(batches[0]!.batchId, { batches }, draft.deadline - now);
      // Of a job that could not be added the queue may yet send its bytes.
      for (const { columns } of batches) columns.release();
    } catch (error) {
      throw new QueueUnavailable((error as Error).message, { cause: error });
    } finally {
      this.writes--;
      this.heldBytes -= draft.bytes;
      this.schedule();
    }
  }
}

/** About the bytes of the events in a job: identifiers, instants and values come to a hundred each. */
const sizeOf = (events: readonly CountableEvent[]) =>
  events.reduce((sum, { payloadJson }) => sum + payloadJson.length + 100, 0);
