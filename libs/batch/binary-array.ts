import { encodeTextColumn } from './text-column.js';

/** Object ids of the element types we send (src/include/catalog/pg_type.dat). */
export const ELEMENT_OID = {
  json: 114,
  text: 25,
  uuid: 2950,
  timestamptz: 1184,
  int4: 23,
  jsonb: 3802,
};
export type ElementType = keyof typeof ELEMENT_OID;

/**
 * A one-dimensional array in PostgreSQL's binary format (array_recv in src/backend/utils/adt/arrayfuncs.c):
 * a header, then each element as its length as int32 (-1 for NULL) and its bytes.
 *
 * Measured for 1,000 events of 230 bytes, CPU of the server an event: 8.6 µs inserted from binary
 * arrays, 13–16 µs from json_to_recordset, 9 µs by COPY.
 *
 * @param elements encoded already, each piece any number of elements
 * @returns the array in pieces: megabytes are not copied to stand side by side
 */
export function binaryArray(type: ElementType, count: number, elements: readonly Buffer[]): Buffer[] {
  const header = Buffer.allocUnsafe(20);
  header.writeInt32BE(1, 0);
  header.writeInt32BE(1, 4);
  header.writeInt32BE(ELEMENT_OID[type], 8);
  header.writeInt32BE(count, 12);
  header.writeInt32BE(1, 16);
  return [header, ...elements];
}

/** An array of texts, JSON documents too. */
export function textArray(values: readonly (string | null)[], type: 'text' | 'json' = 'text'): Buffer[] {
  return binaryArray(type, values.length, [encodeTextColumn(values)]);
}

/** An array of JSON documents as jsonb, whose binary form starts with its version. */
export function jsonbArray(documents: readonly string[]): Buffer[] {
  return binaryArray('jsonb', documents.length, [encodeTextColumn(documents.map((text) => `\u0001${text}`))]);
}

export function uuidArray(uuids: readonly string[]): Buffer[] {
  return binaryArray(
    'uuid',
    uuids.length,
    uuids.map((uuid) => repeatedElement(uuidBytes(uuid), 1)),
  );
}

/** @param epochMs milliseconds since the epoch */
export function timestamptzArray(epochMs: readonly number[]): Buffer[] {
  return binaryArray(
    'timestamptz',
    epochMs.length,
    epochMs.map((ms) => repeatedElement(timestamptzBytes(ms), 1)),
  );
}

export function int4Array(values: readonly number[]): Buffer[] {
  const elements = Buffer.allocUnsafe(8 * values.length);
  values.forEach((value, i) => {
    elements.writeInt32BE(4, 8 * i);
    elements.writeInt32BE(value, 8 * i + 4);
  });
  return binaryArray('int4', values.length, [elements]);
}

/** The same element `count` times. */
export function repeatedElement(element: Buffer, count: number): Buffer {
  const one = Buffer.allocUnsafe(4 + element.length);
  one.writeInt32BE(element.length, 0);
  element.copy(one, 4);
  return Buffer.alloc(one.length * count, one);
}

/** A UUID's 16 bytes. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** A timestamptz's 8 bytes: microseconds since 2000-01-01 UTC, exact for every date a client may send. */
export function timestamptzBytes(epochMs: number, target = Buffer.allocUnsafe(8), offset = 0): Buffer {
  const microseconds = (epochMs - POSTGRES_EPOCH_MS) * 1000;
  target.writeInt32BE(Math.floor(microseconds / 0x1_0000_0000), offset);
  target.writeUInt32BE(((microseconds % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000, offset + 4);
  return target;
}
