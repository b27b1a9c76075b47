import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { Problem } from './problem.js';

/** Largest body, before and after decompression. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;

type Decoder = (body: Buffer, options: Pick<ZlibOptions, 'maxOutputLength'>) => Promise<Buffer>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', inflateEither],
  ['br', promisify(brotliDecompress)],
]);
const inflateZlib: Decoder = promisify(inflate);
const inflateBare: Decoder = promisify(inflateRaw);

/** By RFC 9110 the deflate coding is in a zlib wrapper, but there have always been clients that leave it out. */
async function inflateEither(...[body, options]: Parameters<Decoder>): Promise<Buffer> {
  try {
    return await inflateZlib(body, options);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return inflateBare(body, options);
  }
}

const isTooLarge = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';

/**
 * Undoes the content encoding, off the event loop and never past the limit, however well the body is
 * compressed.
 * @throws Problem 415, 413 `body_too_large`, 400 `malformed_encoding`
 */
export async function decompress(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '' || body.length === 0) return body;
  const decode = DECODERS.get(name);
  if (!decode) {
    throw new Problem(
      415,
      'unsupported_encoding',
      `Content-Encoding must be gzip, deflate or br, not ${JSON.stringify(name.slice(0, 64))}`,
    );
  }
  try {
    return await decode(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if (isTooLarge(error)) {
      throw new Problem(413, 'body_too_large', `The body is over ${MAX_BODY_BYTES} bytes when decompressed`);
    }
    throw new Problem(400, 'malformed_encoding', `The body is not valid ${name}`);
  }
}
