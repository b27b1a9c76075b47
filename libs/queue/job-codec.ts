import type { Job } from 'bullmq';
import type { PooledBytes } from '#batch';

/**
 * How a queue's jobs are encoded when plain JSON would cost too much. The processor of such a queue gets
 * `job.data` as text and reads it with `readJob`; a `Queue` that looks a job up has it as an object.
 */
export interface JobCodec<Content = unknown> {
  /** The content as plain JSON values, for `job.updateData`. */
  toJobData(content: Content): object;
  /**
   * @param data `job.data`, as text or as an object
   * @throws Error when it does not hold the content
   */
  fromJobData(data: string | object): Content;
  /** `JSON.stringify(toJobData(content))` in bytes that the caller owns. */
  render(content: Content): PooledBytes;
}

/**
 * Decodes a job in its processor, and drops the text: it is as large as the content, and would grow old with the job.
 * @throws Error when it cannot be decoded; the job keeps its text then
 */
export function readJob<Content>(job: Job<string>, codec: JobCodec<Content>): Content {
  const content = codec.fromJobData(job.data);
  job.data = '';
  return content;
}
