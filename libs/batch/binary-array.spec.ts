import fc from 'fast-check';
import { timestamptzArray, uuidArray } from './binary-array.js';

/** The elements of a one-dimensional array in PostgreSQL's binary format. */
function elementsOf(pieces: readonly Buffer[]): string[] {
  const bytes = Buffer.concat(pieces);
  const count = bytes.readInt32BE(12);
  const elements: string[] = [];
  let at = 20;
  for (let i = 0; i < count; i++) {
    const end = at + 4 + bytes.readInt32BE(at);
    elements.push(bytes.toString('hex', at + 4, end));
    at = end;
  }
  expect(at).toBe(bytes.length);
  return elements;
}

const repeat = <T>(values: readonly (readonly [T, number])[]): T[] =>
  values.flatMap(([value, count]) => Array<T>(count).fill(value));

describe('arrays with repeated elements', () => {
  it('repeat each uuid by its count', () => {
    const rows = fc.array(fc.tuple(fc.uuid(), fc.nat(5)));
    fc.assert(
      fc.property(rows, fc.boolean(), (values, upper) => {
        const uuids = values.map(([uuid]) => (upper ? uuid.toUpperCase() : uuid));
        const counts = values.map(([, count]) => count);
        const expected = values.map(([uuid, count]) => [uuid.replaceAll('-', ''), count] as const);
        expect(elementsOf(uuidArray(uuids, counts))).toEqual(repeat(expected));
        expect(elementsOf(uuidArray(uuids))).toEqual(expected.map(([hex]) => hex));
      }),
    );
  });

  it('repeat each instant by its count', () => {
    const [min, max] = [new Date('1970-01-01T00:00:00Z'), new Date('2200-01-01T00:00:00Z')];
    const rows = fc.array(fc.tuple(fc.date({ min, max, noInvalidDate: true }), fc.nat(5)));
    fc.assert(
      fc.property(rows, (values) => {
        const expected = values.map(([date, count]) => {
          const microseconds = BigInt(date.getTime() - Date.UTC(2000, 0, 1)) * 1000n;
          return [BigInt.asUintN(64, microseconds).toString(16).padStart(16, '0'), count] as const;
        });
        const instants = values.map(([date]) => date.getTime());
        const counts = values.map(([, count]) => count);
        expect(elementsOf(timestamptzArray(instants, counts))).toEqual(repeat(expected));
      }),
    );
  });
});
