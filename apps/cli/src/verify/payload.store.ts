import pg from 'pg';
import { dimensionValueSql } from '#catalog';

// Field names come from catalog entries and are escaped.
const field = (name: string) => `payload->${pg.escapeLiteral(name)}`;
const textOf = (name: string) => `payload->>${pg.escapeLiteral(name)}`;

/** SQL for the number in a field of `payload`, NULL when it holds none. */
export const numberSql = (name: string) =>
  `CASE WHEN json_typeof(${field(name)}) = 'number' THEN (${textOf(name)})::float8 END`;

/** SQL for the text in a field of `payload`, NULL when it holds none. */
export const stringSql = (name: string) =>
  `CASE WHEN json_typeof(${field(name)}) = 'string' THEN ${textOf(name)} END`;

/** SQL for an event's dimensions: a jsonb object of those that its payload has. */
export function dimensionsSql(names: readonly string[]): string {
  const pairs = names.map(
    (name) =>
      `${pg.escapeLiteral(name)}, CASE WHEN json_typeof(${field(name)}) IN ('string', 'number', 'boolean')
         THEN ${dimensionValueSql(textOf(name))} END`,
  );
  return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`;
}
