import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExportFormat, Piece } from '#exports';

/** Trailer with the number of events of a complete export. */
export const COMPLETE_TRAILER = 'X-Export-Events';

/** Level 6 takes three times the CPU, for a fifth less. */
const GZIP_LEVEL = 1;

/** An export that is about to be sent. */
export interface Download {
  readonly format: ExportFormat;
  readonly fileName: string;
  readonly pieces: AsyncGenerator<Piece>;
}

/**
 * Sends an export while it is being written, at the client's pace. When the export breaks, the connection closes without
 * the last chunk of the body, which clients report as an error. When the client leaves, the export ends.
 * @returns when the answer has been sent, or the client has left
 * @throws the error of an export that breaks before its first events; it becomes a problem document
 */
export async function sendExport(
  request: FastifyRequest,
  reply: FastifyReply,
  { format, fileName, pieces }: Download,
): Promise<void> {
  // What precedes the first events does not need the database.
  const first = [await pieces.next(), await pieces.next()].flatMap(({ value }) => (value ? [value] : []));
  let events = 0;
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const piece of joined(first, pieces)) {
      events = piece.events;
      if (piece.bytes.length > 0) yield piece.bytes;
    }
  }
  const source = Readable.from(bytes(), { objectMode: true, highWaterMark: 1 });
  source.once('error', (error) => new Logger('Export').warn(`${fileName} broke off: ${error.message}`));
  source.once('close', () => void pieces.return(undefined));
  reply.headers({
    'content-type': format.mediaType,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
    vary: 'accept-encoding',
  });
  reply.trailer(COMPLETE_TRAILER, async () => String(events));
  // The reply is a promise of its end.
  await reply.send(acceptsGzip(request) && !format.isCompressed ? gzipped(reply, source) : source);
}

async function* joined<T>(first: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* rest;
}

/** Whether the client names gzip, and not with the weight 0. */
const acceptsGzip = ({ headers }: FastifyRequest) =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.replaceAll(' ', '').toLowerCase())
    .some((coding) => /^gzip(;q=(1|0?\.\d*[1-9]\d*|1\.0*))?$/.test(coding));

function gzipped(reply: FastifyReply, source: Readable): Readable {
  reply.header('content-encoding', 'gzip');
  const gzip = createGzip({ level: GZIP_LEVEL });
  // Destroys both when one fails; Fastify then closes the connection.
  pipeline(source, gzip, () => {});
  return gzip;
}
