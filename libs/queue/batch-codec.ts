import { bufferPool, type PooledBytes } from '#batch';
import type { BatchJobData, BatchWithoutColumns, IngestJob } from './batch-jobs.js';
import type { JobCodec } from './job-codec.js';

const START = '{"columns":["';
const SEPARATOR = '","';
const MIDDLE = '"],';
/**
 * Bytes converted to base64 at a time, a multiple of three: V8 keeps strings of up to 64 KiB in the young
 * generation and gives larger ones pages of their own.
 */
const CHUNK = 48 * 1024;

/** Codec of jobs with batches. The holder of the content owns its columns. */
export class BatchCodec<Content extends IngestJob> implements JobCodec<Content> {
  toJobData({ batches, ...rest }: Content): BatchJobData {
    return {
      columns: batches.map(({ columns }) => columns.bytes.toString('base64')),
      ...rest,
      batches: batches.map(withoutColumns),
    };
  }

  fromJobData(data: string | object): Content {
    const stored = typeof data === 'string' ? parse(data) : data;
    const { columns, batches, ...rest } = (stored ?? {}) as Partial<BatchJobData>;
    if (!columns || !batches) throw new SyntaxError('the job holds no batches');
    const decoded = batches.map((batch, b) => ({ ...batch, columns: fromBase64(columns[b]!) }));
    return { ...rest, batches: decoded } as unknown as Content;
  }

  /**
   * Writes base64 unescaped: 0.1 µs per event instead of 1.1 with JSON.stringify, which checks each
   * character.
   */
  render(content: Content, prefix = ''): PooledBytes {
    const { batches, ...rest } = content;
    const tail = Buffer.from(
      MIDDLE + JSON.stringify({ ...rest, batches: batches.map(withoutColumns) }).slice(1),
    );
    const separators = SEPARATOR.length * Math.max(batches.length - 1, 0);
    const base64 = batches.reduce((sum, { columns }) => sum + 4 * Math.ceil(columns.bytes.length / 3), 0);
    const start = prefix + START;
    const rendered = bufferPool.lend(start.length + base64 + separators + tail.length);
    const text = rendered.bytes;
    let offset = text.write(start, 0, 'latin1');
    batches.forEach(({ columns: { bytes } }, b) => {
      if (b > 0) offset += text.write(SEPARATOR, offset, 'latin1');
      for (let at = 0; at < bytes.length; at += CHUNK) {
        offset += text.write(bytes.toString('base64', at, at + CHUNK), offset, 'latin1');
      }
    });
    tail.copy(text, offset);
    return rendered;
  }
}

const withoutColumns = ({ columns: _, ...batch }: IngestJob['batches'][number]): BatchWithoutColumns => batch;

/**
 * Cuts the columns out of text as rendered: 0.28 µs per event instead of 0.53 with JSON.parse, which is used
 * only for text whose keys PostgreSQL has reordered.
 */
function parse(text: string): object {
  const middle = text.startsWith(START) ? text.indexOf(MIDDLE) : -1;
  if (middle < 0) return JSON.parse(text);
  const columns = text.slice(START.length, middle).split(SEPARATOR);
  return { ...JSON.parse(`{${text.slice(middle + MIDDLE.length)}`), columns };
}

function fromBase64(text: string): PooledBytes {
  const decoded = bufferPool.lend(Buffer.byteLength(text, 'base64'));
  decoded.bytes.write(text, 'base64');
  return decoded;
}
