import { isUtf8 } from 'node:buffer';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const REPLACEMENT = Buffer.from('\ufffd');
const LONE_SURROGATE = '\ud800';

/**
 * Decodes a client's bytes as UTF-8 and drops a byte order mark. Bytes that are not UTF-8 become lone surrogates, so
 * validation refuses only the event that contains them. A U+FFFD that the client sent stays as it is.
 */
export function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return withoutMark(bytes).toString('utf8');
  const parts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(REPLACEMENT, start);
    const end = found < 0 ? bytes.length : found;
    parts.push(bytes.toString('utf8', start, end).replaceAll('\ufffd', LONE_SURROGATE));
    start = end + REPLACEMENT.length;
  }
  return parts.join('\ufffd');
}

const withoutMark = (bytes: Buffer) =>
  bytes[0] === BYTE_ORDER_MARK[0] && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;
