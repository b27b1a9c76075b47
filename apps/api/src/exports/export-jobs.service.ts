import { Readable } from 'node:stream';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Pool } from 'pg';
import { inTenant } from '#database';
import { type ExportRequest, type ExportRow, ExportStore } from '#exports';
import { type Actor, recordAct } from '#identity';
import { type ExportJob, PRODUCER_TIMEOUT_MS, QUEUES } from '#queue';
import { Problem, unavailable } from '../http/problem.js';
import { withTimeout } from '../http/with-timeout.js';

/** Exports of an organization at a time, with files that have not expired. */
const MAX_EXPORTS = 10;

/** Asks workers to write exports, and reads what they wrote. */
@Injectable()
export class ExportJobs {
  private readonly logger = new Logger(ExportJobs.name);

  constructor(
    private readonly pool: Pool,
    @InjectQueue(QUEUES.exports.name) private readonly queue: Queue<ExportJob>,
  ) {}

  /** @throws Problem 409 when the organization has too many exports; 503 when the queue does not answer */
  async request(actor: Actor, organizationId: string, request: ExportRequest): Promise<ExportRow> {
    const row = await this.inStore(organizationId, async (store, client) => {
      if ((await store.count()) >= MAX_EXPORTS) throw tooMany();
      const inserted = await store.insert(request);
      const { format, columns } = request;
      await recordAct(client, actor, organizationId, 'export.create', {
        export_id: inserted.id,
        format,
        columns,
      });
      return inserted;
    });
    try {
      const job: ExportJob = { organizationId, id: row.id };
      await withTimeout(this.queue.add('export', job, { jobId: `export-${row.id}` }), PRODUCER_TIMEOUT_MS);
    } catch (error) {
      this.logger.warn((error as Error).message);
      // A job that is added late finds no export and does nothing.
      await this.remove(organizationId, row.id);
      throw unavailable('queue_unavailable', 'The queue did not answer');
    }
    return row;
  }

  find(organizationId: string, id: string): Promise<ExportRow | null> {
    return this.inStore(organizationId, (store) => store.find(id));
  }

  list(organizationId: string): Promise<ExportRow[]> {
    return this.inStore(organizationId, (store) => store.list());
  }

  /** Ends an export and removes its file; false when there is none. */
  remove(organizationId: string, id: string): Promise<boolean> {
    return this.inStore(organizationId, (store) => store.remove(id));
  }

  /** The file of a finished export, read part by part at the pace of its reader. */
  file(organizationId: string, { id, parts }: ExportRow): Readable {
    const read = (part: number) => this.inStore(organizationId, (store) => store.part(id, part));
    async function* all(): AsyncGenerator<Buffer> {
      for (let part = 0; part < parts; part++) {
        const bytes = await read(part);
        if (!bytes) throw new Error(`export ${id} was removed while it was downloaded`);
        yield bytes;
      }
    }
    return Readable.from(all(), { objectMode: true, highWaterMark: 1 });
  }

  private inStore<T>(
    organizationId: string,
    work: (store: ExportStore, client: Parameters<Parameters<typeof inTenant>[2]>[0]) => Promise<T>,
  ): Promise<T> {
    return inTenant(this.pool, organizationId, (client) =>
      work(new ExportStore(client, organizationId), client),
    );
  }
}

const tooMany = () =>
  new Problem(
    409,
    'too_many_exports',
    `The organization has ${MAX_EXPORTS} exports: delete one (DELETE /v1/exports/:id), or wait until one expires`,
  );
