import fc from 'fast-check';
import { type DeadLetterJob, type IngestJob, parseBatchJob, renderBatchJob } from './batch-job.js';

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
      columns: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    }),
    { maxLength: 3 },
  ),
});

describe('a job of batches', () => {
  it('is read as it was rendered', () => {
    fc.assert(
      fc.property(job, (data) => {
        expect(parseBatchJob(renderBatchJob(data).toString())).toEqual(data);
      }),
    );
  });

  it('is read when a backend has changed the order of its keys', () => {
    fc.assert(
      fc.property(job, (data) => {
        const { columns, ...rest } = JSON.parse(renderBatchJob(data).toString());
        expect(parseBatchJob(JSON.stringify({ ...rest, columns }))).toEqual(data);
      }),
    );
  });
});
