import { Job } from 'bullmq';

/**
 * A job of a queue with a codec, as its processor gets it: `job.data` is the text in the queue. The processor
 * decodes it, so that an unreadable job fails like any other; if it threw while being fetched, it would be
 * fetched forever.
 */
export class TextJob extends Job {
  static override fromJSON<T, R, N extends string>(
    ...[queue, json, jobId]: Parameters<typeof Job.fromJSON<T, R, N>>
  ): Job<T, R, N> {
    // biome-ignore lint/complexity/noThisInStatic: BullMQ makes the job with `new this`, which must be this class.
    const job = super.fromJSON<T, R, N>(queue, { ...json, data: '{}' }, jobId);
    job.data = json.data as T;
    return job;
  }

  /**
   * Fetches the next job itself: BullMQ 6.7 compares a reply that contains a job with zero, for which V8
   * joins all its data into one string, 1 µs per event.
   */
  override moveToCompleted(returnValue: unknown, token: string): ReturnType<Job['moveToCompleted']> {
    return super.moveToCompleted(returnValue, token, false);
  }
}
