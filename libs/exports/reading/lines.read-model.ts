import type { Column, EventColumn } from '../request/columns.js';

/**
 * How PostgreSQL renders an event as a line: a CSV record, a JSON object, or a JSON array of values with instants in
 * milliseconds since the epoch and the payload as text.
 */
export type LineKind = 'csv' | 'object' | 'array';

/** SQL of a line of an event `e`. */
export interface LineQuery {
  readonly line: string;
  /** Select list of the fields `p` of the payload; empty: none. */
  readonly fields: string;
  readonly parameters: readonly unknown[];
}

/** SQL of the value of a column, by kind of line. */
type Values = Readonly<Record<EventColumn, string>>;

const instant = (value: string) => `to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const epochMs = (value: string) => `(date_part('epoch', ${value}) * 1000)::text`;

/** Spreadsheet programs run text that begins with = + - @, tab or CR as a formula; an apostrophe keeps them from it. */
const csvText = (value: string) =>
  `'"' || CASE WHEN ascii(${value}) IN (9, 13, 43, 45, 61, 64) THEN '''' ELSE '' END || replace(${value}, '"', '""') || '"'`;
const csvOptional = (value: string) => `coalesce(${csvText(value)}, '')`;
/** A value of the payload: numbers stay numbers, −5 too. */
const csvField = (json: string) => `
  CASE json_typeof(${json})
    WHEN 'number' THEN ${json}::text WHEN 'boolean' THEN ${json}::text
    WHEN 'string' THEN ${csvText(`(${json} #>> '{}')`)}
    WHEN 'object' THEN ${csvText(`${json}::text`)} WHEN 'array' THEN ${csvText(`${json}::text`)} ELSE '' END`;

const CSV: Values = {
  id: csvText('e.id'),
  ts: instant('e.ts'),
  received_at: instant('e.received_at'),
  type: csvText('e.type'),
  user_id: csvOptional('e.user_id'),
  session_id: csvOptional('e.session_id'),
  src: csvOptional('e.src'),
  payload: csvText('e.payload::text'),
};

const jsonText = (value: string) => `to_json(${value})::text`;
const jsonOptional = (value: string) => `coalesce(${jsonText(value)}, 'null')`;
const jsonField = (json: string) => `coalesce(${json}::text, 'null')`;

const TEXTS = {
  id: jsonText('e.id'),
  type: jsonText('e.type'),
  user_id: jsonOptional('e.user_id'),
  session_id: jsonOptional('e.session_id'),
  src: jsonOptional('e.src'),
};
const OBJECT: Values = {
  ...TEXTS,
  ts: `'"' || ${instant('e.ts')} || '"'`,
  received_at: `'"' || ${instant('e.received_at')} || '"'`,
  payload: 'e.payload::text',
};
const ARRAY: Values = {
  ...TEXTS,
  ts: epochMs('e.ts'),
  received_at: epochMs('e.received_at'),
  payload: jsonText('e.payload::text'),
};

const KINDS: Readonly<
  Record<LineKind, { readonly values: Values; readonly field: (json: string) => string }>
> = {
  csv: { values: CSV, field: csvField },
  object: { values: OBJECT, field: jsonField },
  array: { values: ARRAY, field: jsonField },
};

/** @param first number of the first parameter */
export function lineQuery(kind: LineKind, columns: readonly Column[], first: number): LineQuery {
  const parameters: unknown[] = [];
  const parameter = (value: unknown, type: string) => `$${first + parameters.push(value) - 1}::${type}`;
  const fields: string[] = [];
  const values = columns.map((column) => {
    if (column.path === null) return KINDS[kind].values[column.name];
    const field = `f${fields.length}`;
    fields.push(`e.payload #> ${parameter(column.path, 'text[]')} AS ${field}`);
    return KINDS[kind].field(`p.${field}`);
  });
  const key = ({ name }: Column) => parameter(`${JSON.stringify(name)}:`, 'text');
  const joined = (parts: readonly string[]) => parts.join(` || ',' || `);
  const line = {
    csv: () => `${joined(values)} || E'\\r\\n'`,
    object: () => `'{' || ${joined(columns.map((column, i) => `${key(column)} || ${values[i]}`))} || '}'`,
    array: () => `'[' || ${joined(values)} || ']'`,
  }[kind]();
  return { line, fields: fields.join(', '), parameters };
}
