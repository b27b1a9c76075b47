const NULL_ELEMENT = '\xff\xff\xff\xff';
const CACHED_LENGTHS = 4096;
const NOT_ASCII = /[\x80-\xff]/;

const prefixes = Array.from({ length: CACHED_LENGTHS }, (_, length) => int32(length));
const highBytes = Uint8Array.from(prefixes, (prefix) => countHigh(prefix));

function int32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function countHigh(text: string): number {
  let high = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) high++;
  return high;
}

/**
 * Encodes strings as PostgreSQL's binary array elements: int32 length and UTF-8 bytes, -1 for null.
 *
 * Builds one latin1 text: 0.03 µs a value against 0.19 µs for `Buffer.write` of each. That is only right
 * when every value is ASCII; UTF-8 length betrays any other, and such a column is written value by value.
 * @returns the bytes, or a text with a byte in each character
 */
export function textColumn(values: readonly (string | null)[]): Buffer | string {
  let text = '';
  let high = 0;
  for (const value of values) {
    if (value === null) {
      text += NULL_ELEMENT;
      high += 4;
    } else if (value.length < CACHED_LENGTHS) {
      text += prefixes[value.length];
      text += value;
      high += highBytes[value.length]!;
    } else {
      const prefix = int32(value.length);
      text += prefix;
      text += value;
      high += countHigh(prefix);
    }
  }
  const ascii = Buffer.byteLength(text, 'utf8') === text.length + high;
  return ascii ? text : encodeUtf8(values);
}

/** `textColumn` in bytes. */
export function encodeTextColumn(values: readonly (string | null)[]): Buffer {
  const column = textColumn(values);
  return typeof column === 'string' ? Buffer.from(column, 'latin1') : column;
}

function encodeUtf8(values: readonly (string | null)[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = value === null ? Buffer.alloc(0) : Buffer.from(value, 'utf8');
      const element = Buffer.allocUnsafe(4 + bytes.length);
      element.writeInt32BE(value === null ? -1 : bytes.length, 0);
      bytes.copy(element, 4);
      return element;
    }),
  );
}

/** Offsets of each element's length prefix, and the end of the column as last entry. */
export function elementOffsets(column: Buffer, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    offsets[i] = offset;
    const length = column.readInt32BE(offset);
    offset += 4 + Math.max(length, 0);
  }
  offsets[count] = offset;
  return offsets;
}

/** The strings of a column, for what must look at values one by one. */
export function decodeTextColumn(column: Buffer, count: number): (string | null)[] {
  const values: (string | null)[] = new Array(count);
  // One text to cut from costs 0.03 µs a value, decoding each by itself 0.15 µs. In UTF-8 places and lengths
  // only agree for ASCII; the length prefixes, which need not be, are not cut out.
  const text = column.toString('latin1');
  let offset = 0;
  for (let i = 0; i < count; i++) {
    const length = column.readInt32BE(offset);
    offset += 4;
    if (length < 0) {
      values[i] = null;
      continue;
    }
    const value = text.slice(offset, offset + length);
    values[i] = NOT_ASCII.test(value) ? column.toString('utf8', offset, offset + length) : value;
    offset += length;
  }
  return values;
}
