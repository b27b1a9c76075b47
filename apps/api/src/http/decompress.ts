import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { MAX_BODY_BYTES } from './body-limits.js';
import { Problem } from './problem.js';

/** Decodes one content encoding. */
export interface ContentDecoder {
  /** The decoded length declared by the body itself, checked before memory is allocated. */
  declaredLength?(body: Buffer): number;
  /**
   * @param maxBytes longest result; beyond, an error with code `ERR_BUFFER_TOO_LARGE`, as from zlib
   * @throws when the body is invalid
   */
  decode(body: Buffer, maxBytes: number): Buffer | Promise<Buffer>;
}

/** Decoders by the name of their encoding, in lower case. */
export type Decoders = ReadonlyMap<string, ContentDecoder>;

type Unzip = (body: Buffer, options: Pick<ZlibOptions, 'maxOutputLength'>) => Promise<Buffer>;

const inflateZlib: Unzip = promisify(inflate);
const inflateBare: Unzip = promisify(inflateRaw);

/** RFC 9110 defines deflate with a zlib wrapper, but some clients have always left it out. */
async function inflateEither(...[body, options]: Parameters<Unzip>): Promise<Buffer> {
  try {
    return await inflateZlib(body, options);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return inflateBare(body, options);
  }
}

/** zlib works off the event loop. */
const zlibDecoder = (unzip: Unzip): ContentDecoder => ({
  decode: (body, maxBytes) => unzip(body, { maxOutputLength: maxBytes }),
});

const DECODERS: Decoders = new Map([
  ['gzip', zlibDecoder(promisify(gunzip))],
  ['x-gzip', zlibDecoder(promisify(gunzip))],
  ['deflate', zlibDecoder(inflateEither)],
  ['br', zlibDecoder(promisify(brotliDecompress))],
]);
const NO_MORE: Decoders = new Map();
const WIDELY_KNOWN = ['gzip', 'deflate', 'br'];
const ALTERNATIVES = new Intl.ListFormat('en-GB', { type: 'disjunction' });

const TOO_LARGE = 'ERR_BUFFER_TOO_LARGE';
const isTooLarge = (error: unknown) => (error as NodeJS.ErrnoException).code === TOO_LARGE;
const tooLarge = () => Object.assign(new RangeError('over the limit'), { code: TOO_LARGE });

/**
 * Decodes the content encoding up to the limit, however well the body is compressed.
 * @param further encodings of this route
 * @throws Problem 415, 413 `body_too_large`, 400 `malformed_encoding`
 */
export async function decompress(
  body: Buffer,
  encoding: string | undefined,
  maxBytes = MAX_BODY_BYTES,
  further: Decoders = NO_MORE,
): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '' || body.length === 0) return body;
  const decoder = DECODERS.get(name) ?? further.get(name);
  if (!decoder) throw unknownEncoding(name, further);
  try {
    return await decodeWithin(maxBytes, decoder, body);
  } catch (error) {
    if (isTooLarge(error)) {
      throw new Problem(413, 'body_too_large', `The body is over ${maxBytes} bytes when decompressed`);
    }
    throw new Problem(400, 'malformed_encoding', `The body is not valid ${name}`);
  }
}

async function decodeWithin(maxBytes: number, decoder: ContentDecoder, body: Buffer): Promise<Buffer> {
  if (decoder.declaredLength && decoder.declaredLength(body) > maxBytes) throw tooLarge();
  const bytes = await decoder.decode(body, maxBytes);
  if (bytes.length > maxBytes) throw tooLarge();
  return bytes;
}

function unknownEncoding(name: string, further: Decoders): Problem {
  const known = ALTERNATIVES.format([...WIDELY_KNOWN, ...further.keys()]);
  return new Problem(
    415,
    'unsupported_encoding',
    `Content-Encoding must be ${known}, not ${JSON.stringify(name.slice(0, 64))}`,
  );
}
