/** The columns of every event, in the order of an export. */
export const EVENT_COLUMNS = [
  'id',
  'ts',
  'received_at',
  'type',
  'user_id',
  'session_id',
  'src',
  'payload',
] as const;

export type EventColumn = (typeof EVENT_COLUMNS)[number];

/** A column of an export: one that every event has, or a field of the payload, such as `payload.page`. */
export type Column =
  | { readonly name: EventColumn; readonly path: null }
  | { readonly name: `payload.${string}`; readonly path: readonly string[] };

export const MAX_COLUMNS = 50;
const MAX_NAME_LENGTH = 100;
const EXPECTED = `columns must be names from ${EVENT_COLUMNS.join(', ')}, and fields such as payload.page`;

/** The columns of an export whose client names none. */
const defaultColumns: readonly Column[] = EVENT_COLUMNS.map((name) => ({ name, path: null }));

/**
 * Resolves the names of columns. Where only fields of the payload are named, they stand in place of `payload`, after the
 * other columns.
 * @param names dots lead into objects and, with numbers, into lists
 * @returns the columns, or what is wrong with the names
 */
export function parseColumns(names: readonly string[]): readonly Column[] | string {
  if (names.length > MAX_COLUMNS) return `columns must be at most ${MAX_COLUMNS} names`;
  const columns = names.map(columnOf);
  if (!columns.every((column) => column !== null)) return EXPECTED;
  if (new Set(names).size < names.length) return 'columns must not name a column twice';
  const areFields = columns.every(({ path }) => path !== null);
  return areFields ? [...defaultColumns.filter(({ name }) => name !== 'payload'), ...columns] : columns;
}

/**
 * The columns with these names; those of every event without any.
 * @throws RangeError when a name is wrong
 */
export function columnsNamed(names: readonly string[] | null | undefined): readonly Column[] {
  const columns = names ? parseColumns(names) : defaultColumns;
  if (typeof columns === 'string') throw new RangeError(columns);
  return columns;
}

function columnOf(name: string): Column | null {
  const known = EVENT_COLUMNS.find((column) => column === name);
  if (known) return { name: known, path: null };
  if (!isField(name) || name.length > MAX_NAME_LENGTH) return null;
  const path = name.split('.').slice(1);
  const isStorable = name.isWellFormed() && !name.includes('\0');
  return isStorable && path.every((step) => step !== '') ? { name, path } : null;
}

const isField = (name: string): name is `payload.${string}` => name.startsWith('payload.');
