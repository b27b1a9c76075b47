import type { Queue } from 'bullmq';
import { pause } from '#database';

const LOOK_EVERY_MS = 100;
/** A job may be between two states while they are looked at, one after the other. */
const LOOKS = 2;

/**
 * Waits until every job that stands in a queue now has been worked on, however often that fails.
 * @returns false when the signal aborts before
 */
export async function waitForDrain(queue: Queue, signal: AbortSignal): Promise<boolean> {
  const unseen = new Map((await unfinished(queue)).map((id) => [id, 0]));
  while (unseen.size > 0) {
    await pause(LOOK_EVERY_MS, signal);
    if (signal.aborted) return false;
    const left = new Set(await unfinished(queue));
    for (const [id, times] of unseen) {
      if (left.has(id)) unseen.set(id, 0);
      else if (times + 1 === LOOKS) unseen.delete(id);
      else unseen.set(id, times + 1);
    }
  }
  return true;
}

const unfinished = (queue: Queue) => queue.getRanges(['delayed', 'waiting', 'active'], 0, -1);
