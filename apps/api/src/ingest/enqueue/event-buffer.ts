import type { CountableEvent, Sender } from '#batch';
import type { IngestJob } from '#queue';
import { JobDraft } from './job-draft.js';
import { QueueUnavailable } from './queue-unavailable.js';

/** A job is written immediately if none was for this long; events that arrive sooner share the next one. */
const LINGER_MS = 5;
/**
 * The linger after jobs of a hundred events and more: half as many jobs cost API, worker and queue a sixth less
 * CPU per event. With few clients a longer linger only adds latency.
 */
const LONGEST_LINGER_MS = 10;
/**
 * A job is written early when nothing arrives for this long, as all clients are then waiting for it: 64 connections
 * send 27 % more single events a second.
 */
const QUIET_MS = 1;
/** Shortest time between two jobs. */
const SHORTEST_LINGER_MS = 2;
/** Events that fill a job: it is written without waiting. */
const FULL = 1000;
/** Size above which a job accepts no more requests: rendering it blocks the event loop for 10 ms per MiB. */
const FULL_BYTES = 4 * 1024 * 1024;
/** Jobs written concurrently. */
const MAX_WRITES = 4;
/** Most bytes waiting to be written; more requests are refused. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** Writes one job durably within the time-out. On failure it throws, and withdraws the job in the background. */
export type AddJob = (jobId: string, job: IngestJob, timeoutMs: number) => Promise<void>;

/**
 * Gathers accepted events into jobs. A request's events are all in one job, and the request waits until that job
 * is written, so a request is accepted as a whole or not at all.
 *
 * A lone request is written immediately. Under load a job is written every few milliseconds and shared by all requests
 * since the last one, with one batch per caller: a request with a single event costs a fraction of a job.
 */
export class EventBuffer {
  /** In order of arrival; only the last one accepts more requests. */
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
   * @param timeoutMs longest wait of a request
   * @param clock milliseconds since the epoch
   */
  constructor(
    private readonly addJob: AddJob,
    private readonly timeoutMs: number,
    private readonly clock: () => number = Date.now,
  ) {}

  /**
   * Resolves with the batch id once the job is durable.
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

  /** Resolves when all drafts have been written or refused. */
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
    if (this.writes >= MAX_WRITES) this.scheduleAt(due, wait);
    else if (this.drafts.length > 1 || first.count >= FULL) this.write();
    else if (wait > 0) this.scheduleAt(due, wait);
    else this.writeAfterPoll();
  }

  /**
   * Lets the event loop read what has already arrived: otherwise the first of fifty requests that wait in their
   * sockets is written alone. With 512 connections jobs have 160 single events instead of 55, which halves the
   * worker's CPU per event.
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

  /** One timer for all drafts: a timer per request would cost more than its validation. */
  private scheduleAt(due: number, wait: number): void {
    if (this.timer && this.timerDue <= due) return;
    clearTimeout(this.timer);
    this.timerDue = due;
    this.timer = setTimeout(() => this.onTimer(), wait);
  }

  private onTimer(): void {
    this.timer = undefined;
    const now = this.clock();
    while (this.drafts.length > 0 && this.drafts[0]!.deadline <= now) this.refuse(this.drafts.shift()!);
    this.schedule();
  }

  /** A draft whose deadline passed while earlier jobs were written is refused: its requests would wait twice as long. */
  private refuse(draft: JobDraft): void {
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
      // Not on failure: the queue may still send the bytes of a job that it has not added.
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

/** Estimates the bytes of events in a job: ids, instants and values take about a hundred per event. */
const sizeOf = (events: readonly CountableEvent[]) =>
  events.reduce((sum, { payloadJson }) => sum + payloadJson.length + 100, 0);
