import { invalidQuery } from './read-query.js';

/** Where a page ended, as text that clients hand back unread. It grants nothing: every page is walled anew. */
export function encodeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * @param cursor absent or empty for the first page: clients write `cursor=` before they have one
 * @param isPosition tells whether what was decoded is a position of this list
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
    // Told below, like any other cursor that is none of ours.
  }
  throw invalidQuery([{ path: 'cursor', message: 'cursor must be a next_cursor of this list' }]);
}

/** Last millisecond that JavaScript knows; PostgreSQL goes on for longer. */
const LAST_INSTANT = 8.64e15;

/** Texts and instants that PostgreSQL can compare with; of others it makes an error. */
const isStorable = (part: unknown) =>
  typeof part === 'string'
    ? !part.includes('\0')
    : Number.isInteger(part) && (part as number) >= 0 && (part as number) <= LAST_INSTANT;
