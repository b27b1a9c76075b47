import { type Readable, Transform } from 'node:stream';
import { Problem } from './problem.js';

/** Largest body, before and after decompression. */
export const MAX_BODY_BYTES = 5 * 1024 * 1024;
/** Largest body on routes whose credential is in the body, as long as the caller is unknown. */
export const MAX_UNKNOWN_CALLER_BYTES = 256 * 1024;

/**
 * Passes a body through up to the limit for unknown callers; beyond, the stream fails with a Problem 413.
 * The source stays open, so that the answer still reaches the client.
 */
export function limitUnknownCaller(payload: Readable): Readable {
  let received = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > MAX_UNKNOWN_CALLER_BYTES) done(tooLargeForUnknownCaller());
      else done(null, chunk);
    },
  });
  payload.once('error', (error) => limited.destroy(error));
  return payload.pipe(limited);
}

/** 413 `body_too_large`. */
export const tooLargeForUnknownCaller = () =>
  new Problem(
    413,
    'body_too_large',
    `A body that contains its credential may be at most ${MAX_UNKNOWN_CALLER_BYTES} bytes`,
  );
