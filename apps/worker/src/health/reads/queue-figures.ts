import type { Queue } from 'bullmq';

/** What a queue holds. */
export interface QueueFigures {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly paused: boolean;
  /** Id of the job that waits to be next; null: none waits. */
  readonly oldest_id: string | null;
  /** Seconds since it was enqueued. */
  readonly oldest_seconds: number | null;
}

/** @param now milliseconds since the epoch */
export async function queueFigures(queue: Queue, now: number): Promise<QueueFigures> {
  const [counts, paused, [next]] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed', 'failed'),
    queue.isPaused(),
    queue.getRanges(['waiting'], 0, 0, true),
  ]);
  // It may have been taken meanwhile.
  const oldest = next === undefined ? undefined : await queue.getJob(next);
  const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return {
    ...{ waiting, active, delayed, failed, paused },
    oldest_id: oldest ? next! : null,
    oldest_seconds: oldest ? Math.max(0, Math.round((now - oldest.timestamp) / 1000)) : null,
  };
}
