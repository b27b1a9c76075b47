import type { CopyValue } from '#database';
import type { Column, EventColumn } from '../request/columns.js';
import { FORMULA_STARTS } from './formula-starts.js';

/**
 * How PostgreSQL renders events: as CSV records, as JSON objects, one per line, or as values in the binary format of COPY
 * (text, instants as timestamps, fields of the payload as JSON). Rendering there leaves the event loop to other requests.
 */
export type Rendering = 'csv' | 'json' | 'values';

/** What is selected of an event `e`. */
export interface Selection {
  /** Select list. */
  readonly list: string;
  /** Select list of the fields `p` of the payload; empty: none. */
  readonly fields: string;
  readonly values: readonly CopyValue[];
}

/** SQL of each column. */
type Columns = Readonly<Record<EventColumn, string>>;

const instant = (value: string) => `to_char(${value}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** An apostrophe keeps spreadsheet programs from running text as a formula. */
const harmless = (text: string) =>
  `CASE WHEN ascii(${text}) IN (${FORMULA_STARTS.join(', ')}) THEN '''' || ${text} ELSE ${text} END`;

const plain: Columns = {
  id: 'e.id',
  ts: 'e.ts',
  received_at: 'e.received_at',
  type: 'e.type',
  user_id: 'e.user_id',
  session_id: 'e.session_id',
  src: 'e.src',
  payload: 'e.payload',
};
const csv: Columns = {
  id: harmless(plain.id),
  ts: instant(plain.ts),
  received_at: instant(plain.received_at),
  type: harmless(plain.type),
  user_id: harmless(plain.user_id),
  session_id: harmless(plain.session_id),
  src: harmless(plain.src),
  // An object: it begins with a brace.
  payload: plain.payload,
};
const json: Columns = {
  id: `to_json(${plain.id})`,
  ts: `to_json(${csv.ts})`,
  received_at: `to_json(${csv.received_at})`,
  type: `to_json(${plain.type})`,
  user_id: `coalesce(to_json(${plain.user_id}), 'null')`,
  session_id: `coalesce(to_json(${plain.session_id}), 'null')`,
  src: `coalesce(to_json(${plain.src}), 'null')`,
  payload: plain.payload,
};
const COLUMNS: Readonly<Record<Rendering, Columns>> = { csv, json, values: plain };

/** Numbers stay numbers, −5 too. */
const csvField = (field: string) => `
  CASE json_typeof(${field})
    WHEN 'string' THEN ${harmless(`(${field} #>> '{}')`)} WHEN 'null' THEN NULL ELSE ${field}::text END`;
const FIELDS: Readonly<Record<Rendering, (field: string) => string>> = {
  csv: csvField,
  json: (field) => `coalesce(${field}, 'null')`,
  values: (field) => field,
};

/** @param first number of the first value */
export function selectionOf(rendering: Rendering, columns: readonly Column[], first: number): Selection {
  const values: CopyValue[] = [];
  const fields: string[] = [];
  const numberOf = (value: CopyValue) => `$${first + values.push(value) - 1}`;
  const list = columns.map((column) => {
    if (column.path === null) return COLUMNS[rendering][column.name];
    const name = `f${fields.length}`;
    fields.push(`e.payload #> ${numberOf(column.path)} AS ${name}`);
    return FIELDS[rendering](`p.${name}`);
  });
  const template = () =>
    `{${columns.map(({ name }) => `${JSON.stringify(name).replaceAll('%', '%%')}:%s`).join(',')}}`;
  return {
    list: rendering === 'json' ? `format(${numberOf(template())}, ${list.join(', ')})` : list.join(', '),
    fields: fields.join(', '),
    values,
  };
}
