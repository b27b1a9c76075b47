import { Logger } from '@nestjs/common';
import { Job, type Processor, Queue, type QueueOptions, Worker, type WorkerOptions } from 'bullmq';
import { emptyReadAnswers } from './empty-read-answers.js';
import { codecOf } from './queues.js';
import { RenderedJob } from './rendered-job.js';
import { TextJob } from './text-job.js';

/** A queue that encodes its jobs with its codec, if it has one. */
export class CodecQueue extends Queue {
  constructor(name: string, options?: QueueOptions) {
    super(name, options);
    this.on('error', logErrors(name));
  }

  protected override get Job(): typeof Job {
    return codecOf(this.name) ? (RenderedJob as typeof Job) : Job;
  }
}

/** A worker whose processor gets text if the queue has a codec, otherwise ordinary jobs. */
export class CodecWorker extends Worker {
  constructor(name: string, processor: Processor, options?: WorkerOptions) {
    super(name, processor, options);
    this.on('error', logErrors(name));
  }

  protected override createBackend(): void {
    super.createBackend();
    if (codecOf(this.name)) emptyReadAnswers(this.backend);
  }

  protected override get Job(): typeof Job {
    return codecOf(this.name) ? (TextJob as typeof Job) : Job;
  }
}

/** Logs each connection error in one line; BullMQ prints whole objects, with addresses. */
function logErrors(name: string): (error: Error) => void {
  const logger = new Logger(`Queue ${name}`);
  return (error) => logger.warn(error.message || String((error as { code?: string }).code));
}
