import { WorkerHost } from '@nestjs/bullmq';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { QUEUES, type QueueDefinition } from '#queue';

/** Names of the queues that have no processor, or more than one, or are not in the table. Pure. */
export function processorFaults(queues: readonly QueueDefinition[], processed: readonly string[]): string[] {
  const faults: string[] = [];
  for (const { name, worker } of queues) {
    const count = processed.filter((queue) => queue === name).length;
    const expected = worker ? 1 : 0;
    if (count !== expected)
      faults.push(`the queue ${name} has ${count} processors, expected ${expected} (listed in a module?)`);
  }
  for (const name of processed) {
    if (!queues.some((queue) => queue.name === name))
      faults.push(`the queue ${name} is not in the table of queues`);
  }
  return faults;
}

/**
 * Starts the processor of every queue, or none when a queue has no processor or more than one.
 * @throws Error naming every such queue
 */
export function startProcessors(app: INestApplicationContext): void {
  const workers = app
    .get(DiscoveryService, { strict: false })
    .getProviders()
    .filter(({ instance }) => instance instanceof WorkerHost)
    .map(({ instance }) => (instance as WorkerHost).worker);
  const processed = workers.map(({ name }) => name);
  const faults = processorFaults(Object.values(QUEUES), processed);
  if (faults.length > 0) throw new Error(faults.join('; '));
  for (const worker of workers) void worker.run();
}
