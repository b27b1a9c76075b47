import { isUtf8 } from 'node:buffer';
import { decodeText } from '../decode/decode-text.js';

/** Characters that make a header value differ from its text. */
const ENCODED = /[%"\x80-\xff]/;
const QUOTED_PAIR = /\\([\s\S])/g;
const PERCENT_ENCODED = /%([0-9a-f]{2})/gi;

/**
 * Decodes the header of an attribute by the HTTP binding (CloudEvents 1.0.2, 3.1.3.2): first quotes, then
 * percent-encoded UTF-8. Bytes that are not UTF-8 become lone surrogates, which are refused. Clients that
 * omit the encoding are supported as well: they may send UTF-8 or Latin-1, and unescaped percent signs.
 * @param value Latin-1, as Node reads headers
 */
export function decodeAttribute(value: string): string {
  if (!ENCODED.test(value)) return value;
  const raw = unquoted(value);
  const utf8 = isUtf8(Buffer.from(raw, 'latin1')) ? raw : Buffer.from(raw, 'utf8').toString('latin1');
  const decoded = utf8.replace(PERCENT_ENCODED, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const bytes = Buffer.from(decoded, 'latin1');
  // A byte order mark is kept: without it, two ids could become equal.
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeText(bytes);
}

const unquoted = (value: string) =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replace(QUOTED_PAIR, '$1')
    : value;
