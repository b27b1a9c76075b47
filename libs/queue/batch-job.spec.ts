import fc from 'fast-check';
import { bufferPool, type PooledBytes } from '#batch';
import { type DeadLetterJob, type IngestJob, parseBatchJob, renderBatchJob } from './batch-job.js';

function pooled(content: Uint8Array): PooledBytes {
  const columns = bufferPool.lend(content.length);
  columns.bytes.set(content);
  return columns;
}

const job: fc.Arbitrary<DeadLetterJob & IngestJob> = fc.record({
  reason: fc.string(),
  failedAt: fc.nat(),
  batches: fc.array(
    fc.record({
      organizationId: fc.uuid(),
      actor: fc.string(),
      clientAddress: fc.string(),
      batchId: fc.uuid(),
      receivedAt: fc.nat(),
      count: fc.nat(),
      series: fc.array(
        fc.record({
          type: fc.string(),
          dimensions: fc.dictionary(fc.constantFrom('columns', 'batches', '"],'), fc.string()),
          measures: fc.constant([]),
        }),
      ),
      sessionFacts: fc.constant([]),
      columns: fc.uint8Array().map(pooled),
    }),
    { maxLength: 3 },
  ),
});

const readable = ({ batches, ...rest }: IngestJob) => ({
  ...rest,
  batches: batches.map((batch) => ({ ...batch, columns: batch.columns.bytes.toString('hex') })),
});

describe('a job of batches', () => {
  it('is read as it was rendered', () => {
    fc.assert(
      fc.property(job, (data) => {
        expect(readable(parseBatchJob(renderBatchJob(data).bytes.toString()))).toEqual(readable(data));
      }),
    );
  });

  it('is read when a backend has changed the order of its keys', () => {
    fc.assert(
      fc.property(job, (data) => {
        const { columns, ...rest } = JSON.parse(renderBatchJob(data).bytes.toString());
        expect(readable(parseBatchJob(JSON.stringify({ ...rest, columns })))).toEqual(readable(data));
      }),
    );
  });
});
