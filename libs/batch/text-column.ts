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
 * Encodes strings as PostgreSQL's binary array elements: int32 length and UTF-8 bytes, or -1 for null.
 *
 * Concatenates one latin1 string: 0.03 µs a value instead of 0.19 with `Buffer.write`. That is right only for
 * ASCII; a column with any other character, which shows in its UTF-8 length, is written value by value.
 * @returns bytes, or a string of one character per byte
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

/** `textColumn` as bytes. */
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

/** Start of each element, and the end of the column as last entry. */
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

/** The strings of a column. */
export function decodeTextColumn(column: Buffer, count: number): (string | null)[] {
  const values: (string | null)[] = new Array(count);
  // Slicing one string takes 0.03 µs a value, decoding each value 0.15 µs. A slice that is not ASCII is decoded
  // as UTF-8; in latin1 every byte is one character, so the offsets are right for all.
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
