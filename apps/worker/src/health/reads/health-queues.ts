import type { Queue } from 'bullmq';
import { QUEUES } from '#queue';

type QueueKey = keyof typeof QUEUES;

/** The queues, as this worker is connected to them. */
export class HealthQueues {
  /** @param byName every queue, by its name */
  constructor(private readonly byName: ReadonlyMap<string, Queue>) {}

  get(key: QueueKey): Queue {
    return this.byName.get(QUEUES[key].name)!;
  }

  /** The queues that workers consume. */
  consumed(): Queue[] {
    return Object.values(QUEUES).flatMap((definition) =>
      'worker' in definition ? [this.byName.get(definition.name)!] : [],
    );
  }
}
