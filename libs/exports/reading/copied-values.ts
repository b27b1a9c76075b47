/** The binary format of COPY (PostgreSQL documentation, "COPY"): signature, flags and the length of an extension. */
const HEADER_BYTES = 19;
/** Microseconds are counted from here: 2000-01-01. */
const EPOCH_MS = 946_684_800_000;
const NULL = -1;

/**
 * Reads what COPY sent in its binary format.
 * @returns the rows, each with the bytes of its values; they share the memory of `bytes`
 */
export function copiedValues(bytes: Buffer, rows: number): (Buffer | null)[][] {
  const result: (Buffer | null)[][] = new Array(rows);
  let at = HEADER_BYTES;
  for (let row = 0; row < rows; row++) {
    const values: (Buffer | null)[] = new Array(bytes.readInt16BE(at));
    at += 2;
    for (let i = 0; i < values.length; i++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      values[i] = length === NULL ? null : bytes.subarray(at, at + length);
      if (length !== NULL) at += length;
    }
    result[row] = values;
  }
  return result;
}

/** A timestamp, in milliseconds since the epoch. */
export const instantOf = (value: Buffer) =>
  (value.readInt32BE(0) * 0x1_0000_0000 + value.readUInt32BE(4)) / 1000 + EPOCH_MS;
