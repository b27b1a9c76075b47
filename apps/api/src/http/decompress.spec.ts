import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { MAX_BODY_BYTES } from './body-limits.js';
import { decompress } from './decompress.js';

const text = Buffer.from('{"type":"page_view"}'.repeat(100));

describe('decompress', () => {
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    [' GZip ', gzipSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.subarray(0, 50)), gzipSync(text.subarray(50))])],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', text],
    [undefined, text],
  ])('decompresses %s', async (encoding, body) => {
    expect(await decompress(body, encoding)).toEqual(text);
  });

  it('leaves an empty body empty', async () => {
    expect(await decompress(Buffer.alloc(0), 'gzip')).toHaveLength(0);
  });

  it.each(['gzip, gzip', 'zstd', 'compress', 'toString', '__proto__', 'x'.repeat(10_000)])(
    'refuses the encoding %s',
    async (encoding) => {
      await expect(decompress(text, encoding)).rejects.toMatchObject({
        status: 415,
        code: 'unsupported_encoding',
      });
    },
  );

  it.each([
    ['gzip', gzipSync(text).subarray(0, 20)],
    ['gzip', text],
    ['gzip', deflateSync(text)],
    ['deflate', deflateSync(text).subarray(0, 20)],
    ['deflate', text],
    ['br', brotliCompressSync(text).subarray(0, 20)],
    ['br', text],
  ])('refuses an invalid %s body', async (encoding, body) => {
    await expect(decompress(body, encoding)).rejects.toMatchObject({
      status: 400,
      code: 'malformed_encoding',
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('stops %s at the limit', async (encoding, compress) => {
    const fits = Buffer.alloc(MAX_BODY_BYTES);
    expect(await decompress(compress(fits), encoding)).toHaveLength(MAX_BODY_BYTES);
    await expect(decompress(compress(Buffer.alloc(MAX_BODY_BYTES + 1)), encoding)).rejects.toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });
});
