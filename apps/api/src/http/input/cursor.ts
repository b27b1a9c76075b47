import { invalidQuery } from './read-query.js';

/** Encodes the position where a page ended. Clients return it unread; it grants no access. */
export function encodeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Decodes a cursor.
 * @param cursor absent or empty for the first page: clients send `cursor=` before they have one
 * @param isPosition whether a decoded value is a position in this list
 * @throws Problem 400 when it is not
 */
export function decodeCursor<T extends readonly unknown[]>(
  cursor: string | undefined,
  isPosition: (value: readonly unknown[]) => value is T,
): T | null {
  if (!cursor) return null;
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(position) && position.every(isStorable) && isPosition(position)) return position;
  } catch {
    // Falls through to the same error as any other foreign cursor.
  }
  throw invalidQuery([{ path: 'cursor', message: 'cursor must be a next_cursor of this list' }]);
}

/** The last millisecond of JavaScript's Date, which PostgreSQL can represent as well. */
const LAST_INSTANT = 8.64e15;

/** Whether PostgreSQL can compare with it without an error. */
const isStorable = (part: unknown) =>
  typeof part === 'string'
    ? !part.includes('\0')
    : Number.isInteger(part) && (part as number) >= 0 && (part as number) <= LAST_INSTANT;
