import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { IngestProblem } from './ingest-format.js';

/** Largest body, before and after decompression. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Undoes the content encoding, off the event loop and never past the limit, however well the body is
 * compressed.
 * @throws IngestProblem 415, 413 `body_too_large`, 400 `malformed_encoding`
 */
export async function decompress(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  const decode = DECODERS[name as keyof typeof DECODERS];
  if (!decode || !Object.hasOwn(DECODERS, name)) {
    throw new IngestProblem(
      415,
      'unsupported_encoding',
      `Content-Encoding must be gzip, deflate or br, not ${JSON.stringify(name)}`,
    );
  }
  try {
    return await decode(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new IngestProblem(
        413,
        'body_too_large',
        `The body is over ${MAX_BODY_BYTES} bytes when decompressed`,
      );
    }
    throw new IngestProblem(400, 'malformed_encoding', `The body is not valid ${name}`);
  }
}
