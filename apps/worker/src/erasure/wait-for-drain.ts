import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';

const CHECK_EVERY_MS = 100;
/** States are read one after the other, so a job that changes state may be missed once. */
const ABSENT_CHECKS = 2;

/**
 * Waits until every job that is in a queue now has been processed or has permanently failed.
 * @throws AbortError when the signal aborts
 */
export async function waitForDrain(queue: Queue, signal: AbortSignal): Promise<void> {
  const unseen = new Map((await unfinished(queue)).map((id) => [id, 0]));
  while (unseen.size > 0) {
    await sleep(CHECK_EVERY_MS, undefined, { signal });
    const left = new Set(await unfinished(queue));
    for (const [id, times] of unseen) {
      if (left.has(id)) unseen.set(id, 0);
      else if (times + 1 === ABSENT_CHECKS) unseen.delete(id);
      else unseen.set(id, times + 1);
    }
  }
}

const unfinished = (queue: Queue) => queue.getRanges(['delayed', 'waiting', 'active'], 0, -1);
