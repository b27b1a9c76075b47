import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import type { QueueOptions } from 'bullmq';
import { CodecQueue, CodecWorker } from './queue-and-worker.js';
import { QUEUES, type QueueDefinition } from './queues.js';

/** The queues of an app, to be injected in any of its modules with `@InjectQueue(QUEUES.….name)`. */
@Module({})
export class QueuesModule {
  static with(
    connection: QueueOptions['connection'],
    queues: readonly QueueDefinition[] = Object.values(QUEUES),
  ): DynamicModule {
    // Nest accepts one class for all queues of a process; these two look up the codec by the queue's name.
    BullModule.queueClass = CodecQueue;
    BullModule.workerClass = CodecWorker;
    return {
      module: QueuesModule,
      global: true,
      imports: [
        BullModule.forRoot({ connection }),
        BullModule.registerQueue(...queues.map(({ name, job }) => ({ name, defaultJobOptions: job }))),
      ],
      exports: [BullModule],
    };
  }
}
