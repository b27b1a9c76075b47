import type { Job } from 'bullmq';
import type { PooledBytes } from '#batch';

/**
 * How a queue's jobs are encoded when plain JSON would cost too much. The processor of such a queue gets
 * `job.data` as text and reads it with `readJob`; a `Queue` that looks up a job gets an object.
 */
export interface JobCodec<Content = unknown> {
  /** The content as plain JSON values, for `job.updateData`. */
  toJobData(content: Content): object;
  /**
   * @param data `job.data`, as text or as an object
   * @throws Error when the content cannot be decoded
   */
  fromJobData(data: string | object): Content;
  /**
   * `JSON.stringify(toJobData(content))` in bytes that the caller owns.
   * @param prefix ASCII characters to put in front
   */
  render(content: Content, prefix?: string): PooledBytes;
}

/**
 * Decodes a job in its processor and drops the text, which is as large as the content and would live as long
 * as the job.
 * @throws Error when it cannot be decoded; the job then keeps its text
 */
export function readJob<Content>(job: Job<string>, codec: JobCodec<Content>): Content {
  const content = codec.fromJobData(job.data);
  job.data = '';
  return content;
}
