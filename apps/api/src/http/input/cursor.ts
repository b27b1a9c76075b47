import { createHash } from 'node:crypto';
import { invalidQuery } from './read-query.js';

/** What a cursor belongs to: one list, of one organization, with the same filters. */
export type CursorScope = string & { readonly scope: unique symbol };

/** Bytes of the hash that a cursor carries; it protects against mistakes, not against attacks. */
const SCOPE_BYTES = 6;

/**
 * The scope of a list's cursors.
 * @param query parameters of the request; `limit` and `cursor` may change from page to page
 */
export function cursorScope(organizationId: string, query: object): CursorScope {
  const { limit, cursor, ...filters } = query as Record<string, unknown>;
  const sorted = Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([organizationId, query.constructor.name, sorted]);
  return createHash('sha256').update(text).digest().toString('base64url', 0, SCOPE_BYTES) as CursorScope;
}

/** Encodes the position where a page ended. Clients return it unread; it grants no access. */
export function encodeCursor(scope: CursorScope, position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([scope, ...position])).toString('base64url');
}

/**
 * Decodes a cursor.
 * @param cursor absent or empty for the first page: clients send `cursor=` before they have one
 * @param isPosition whether a decoded value is a position in this list
 * @throws Problem 400 when it is not, or when the cursor has another scope
 */
export function decodeCursor<T extends readonly unknown[]>(
  scope: CursorScope,
  cursor: string | undefined,
  isPosition: (value: readonly unknown[]) => value is T,
): T | null {
  if (!cursor) return null;
  const [given, ...position] = parse(cursor);
  if (given === scope && position.every(isStorable) && isPosition(position)) return position;
  const message = 'cursor must be a next_cursor of this list, with the same filters';
  throw invalidQuery([{ path: 'cursor', message }]);
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** The last millisecond of JavaScript's Date, which PostgreSQL can represent as well. */
const LAST_INSTANT = 8.64e15;

/** Whether PostgreSQL can compare with it without an error. */
const isStorable = (part: unknown) =>
  part === null ||
  (typeof part === 'string'
    ? !part.includes('\0')
    : Number.isFinite(part) && Math.abs(part as number) <= LAST_INSTANT);
