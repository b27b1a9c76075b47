import fc from 'fast-check';
import { bufferPool, type PooledBytes } from '#batch';
import { BatchCodec } from './batch-codec.js';
import type { DeadLetterJob } from './batch-jobs.js';

function pooled(content: Uint8Array): PooledBytes {
  const columns = bufferPool.lend(content.length);
  columns.bytes.set(content);
  return columns;
}

const job: fc.Arbitrary<DeadLetterJob> = fc.record({
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
    { minLength: 1, maxLength: 3 },
  ),
});

const codec = new BatchCodec<DeadLetterJob>();

const readable = ({ batches, ...rest }: DeadLetterJob) => ({
  ...rest,
  batches: batches.map((batch) => ({ ...batch, columns: batch.columns.bytes.toString('hex') })),
});

describe('BatchCodec', () => {
  it('reads what it rendered', () => {
    fc.assert(
      fc.property(job, (content) => {
        const text = codec.render(content).bytes.toString();
        expect(readable(codec.fromJobData(text))).toEqual(readable(content));
      }),
    );
  });

  it('renders the same data that a queue shows of the job, and reads it back', () => {
    fc.assert(
      fc.property(job, (content) => {
        const data = codec.toJobData(content);
        expect(codec.render(content).bytes.toString()).toBe(JSON.stringify(data));
        expect(readable(codec.fromJobData(data))).toEqual(readable(content));
      }),
    );
  });

  it('reads text with another key order, as PostgreSQL returns it', () => {
    fc.assert(
      fc.property(job, (content) => {
        const { columns, ...rest } = codec.toJobData(content);
        expect(readable(codec.fromJobData(JSON.stringify({ ...rest, columns })))).toEqual(readable(content));
      }),
    );
  });

  it('renders a job without batches', () => {
    const unreadable: DeadLetterJob = { batches: [], text: '{"columns":["', reason: 'cut off', failedAt: 1 };
    expect(codec.fromJobData(codec.render(unreadable).bytes.toString())).toEqual(unreadable);
  });

  it.each(['', '{', 'null', '[]', '{}', '{"batches":[]}', '{"columns":["'])('refuses %j', (text) => {
    expect(() => codec.fromJobData(text)).toThrow();
  });
});
