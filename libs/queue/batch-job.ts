import { BullModule } from '@nestjs/bullmq';
import { type DynamicModule, Logger } from '@nestjs/common';
import {
  Job,
  type Processor,
  Queue,
  type QueueOptions,
  RedisQueueBackend,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { bufferPool, type EncodedBatch, type PooledBytes } from '#batch';
import type { QueueDefinition } from './queues.js';
import { emptyReadAnswers } from './redis-answers.js';

/** Data of a job of the ingest queue: the batches that were accepted together. */
export interface IngestJob {
  readonly batches: readonly EncodedBatch[];
}

/** Data of a job of the dead-letters queue: a job that failed, and why. */
export interface DeadLetterJob extends Partial<IngestJob> {
  /** The job's data where it could not be read. */
  readonly text?: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
}

const START = '{"columns":["';
const SEPARATOR = '","';
const MIDDLE = '"],';
/**
 * Bytes turned into base64 at a time, a multiple of three: texts of up to 64 KiB are young and small to V8,
 * a text of the whole job would get pages of its own.
 */
const CHUNK = 48 * 1024;

/**
 * Renders a job's data as JSON in bytes, columns as base64 in front. Base64 needs no escaping, so it is put
 * in as it is: JSON.stringify looks at each of its characters, 1.5 µs an event.
 * @returns bytes that the caller owns
 */
export function renderBatchJob({ batches, ...rest }: IngestJob): PooledBytes {
  const headers = batches.map(({ columns: _, ...header }) => header);
  const tail = Buffer.from(MIDDLE + JSON.stringify({ ...rest, batches: headers }).slice(1));
  const separators = SEPARATOR.length * Math.max(batches.length - 1, 0);
  const base64 = batches.reduce((sum, { columns }) => sum + 4 * Math.ceil(columns.bytes.length / 3), 0);
  const rendered = bufferPool.lend(START.length + base64 + separators + tail.length);
  const text = rendered.bytes;
  let offset = text.write(START, 0, 'latin1');
  batches.forEach(({ columns: { bytes } }, b) => {
    if (b > 0) offset += text.write(SEPARATOR, offset, 'latin1');
    for (let start = 0; start < bytes.length; start += CHUNK) {
      offset += text.write(bytes.toString('base64', start, start + CHUNK), offset, 'latin1');
    }
  });
  tail.copy(text, offset);
  return rendered;
}

/**
 * Reads what `renderBatchJob` has rendered, whatever order a backend has brought the keys into.
 * The caller owns the columns.
 */
export function parseBatchJob<T extends IngestJob = IngestJob>(text: string): T {
  const middle = text.startsWith(START) ? text.indexOf(MIDDLE) : -1;
  const { columns, batches, ...rest } =
    middle < 0
      ? JSON.parse(text)
      : {
          ...JSON.parse(`{${text.slice(middle + MIDDLE.length)}`),
          columns: text.slice(START.length, middle).split(SEPARATOR),
        };
  return {
    ...rest,
    batches: batches.map((header: Omit<EncodedBatch, 'columns'>, b: number) => ({
      ...header,
      columns: fromBase64(columns[b]),
    })),
  };
}

function fromBase64(text: string): PooledBytes {
  const decoded = bufferPool.lend(Buffer.byteLength(text, 'base64'));
  decoded.bytes.write(text, 'base64');
  return decoded;
}

type JobJson = ReturnType<Job['asJSON']>;

/** A job as it is added; see `renderBatchJob`. */
class AddedJob extends Job {
  private rendered: PooledBytes | undefined;

  static override async create<T, R, N extends string>(
    ...parameters: Parameters<typeof Job.create<T, R, N>>
  ): Promise<Job<T, R, N>> {
    // biome-ignore lint/complexity/noThisInStatic: BullMQ makes the job with `new this`, which must be this class.
    const job = await super.create<T, R, N>(...parameters);
    (job as unknown as AddedJob).giveBack();
    return job;
  }

  /** Once the job has been added nobody sends its bytes again; of one that failed, some may still wait. */
  private giveBack(): void {
    this.rendered?.release();
    this.rendered = undefined;
  }

  override asJSON(): JobJson {
    const { data } = this;
    if (!data?.batches) return super.asJSON();
    this.data = {};
    const json = super.asJSON();
    this.data = data;
    this.rendered = renderBatchJob(data);
    // Redis takes the bytes as they are, which BullMQ's types do not know; as text they would be measured
    // and copied once more. PostgreSQL takes JSON as text.
    const takesBytes = this.backend instanceof RedisQueueBackend;
    return {
      ...json,
      data: takesBytes ? (this.rendered.bytes as unknown as string) : this.rendered.bytes.toString(),
    };
  }
}

/**
 * A job as it is worked on: its data is the text as it stands in the queue. Read by the processor, a text
 * that is none fails like any other job; read here, it would be fetched and thrown back for ever.
 */
class TakenJob extends Job {
  static override fromJSON<T, R, N extends string>(
    ...[queue, json, jobId]: Parameters<typeof Job.fromJSON<T, R, N>>
  ): Job<T, R, N> {
    // biome-ignore lint/complexity/noThisInStatic: BullMQ makes the job with `new this`, which must be this class.
    const job = super.fromJSON<T, R, N>(queue, { ...json, data: '{}' }, jobId);
    job.data = json.data as T;
    return job;
  }

  /**
   * Leaves the next job to a call of its own: BullMQ 6.7 compares the answer that carries one with zero,
   * for which V8 first makes a single text of all its data, 1 µs an event.
   */
  override moveToCompleted(returnValue: unknown, token: string): ReturnType<Job['moveToCompleted']> {
    return super.moveToCompleted(returnValue, token, false);
  }
}

/** One line for each fault of a connection; BullMQ itself would print whole objects, addresses and all. */
function logErrors(name: string): (error: Error) => void {
  const logger = new Logger(`Queue ${name}`);
  return (error) => logger.warn(error.message || String((error as { code?: string }).code));
}

class BatchQueue extends Queue {
  constructor(name: string, options?: QueueOptions) {
    super(name, options);
    this.on('error', logErrors(name));
  }

  protected override get Job(): typeof Job {
    return AddedJob as typeof Job;
  }
}

class BatchWorker extends Worker {
  constructor(name: string, processor: Processor, options?: WorkerOptions) {
    super(name, processor, options);
    this.on('error', logErrors(name));
  }

  protected override createBackend(): void {
    super.createBackend();
    emptyReadAnswers(this.backend);
  }

  protected override get Job(): typeof Job {
    return TakenJob as typeof Job;
  }
}

/**
 * Registers a queue with Nest, with the options of the table and so that its jobs may carry batches.
 */
export function registerQueue({ name, job }: QueueDefinition): DynamicModule {
  BullModule.queueClass = BatchQueue;
  BullModule.workerClass = BatchWorker;
  return BullModule.registerQueue({ name, defaultJobOptions: job });
}
