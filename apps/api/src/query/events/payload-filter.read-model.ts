import { dimensionValueSql } from '#catalog';
import type { PayloadCondition } from './event-filter.js';

/**
 * SQL that is true for events that meet all conditions. Names and values are parameters.
 * @param parameter adds a parameter, and returns its placeholder
 */
export function payloadFilter(
  conditions: readonly PayloadCondition[],
  parameter: (value: unknown) => string,
): string {
  return conditions
    .map(({ path, value }) => {
      const text = textSql(fieldSql(path, parameter));
      return value === null ? `${text} IS NULL` : `${text} = ${parameter(value)}::text`;
    })
    .join(' AND ');
}

/** A field whose own name has dots comes before nested fields. */
function fieldSql(path: string, parameter: (value: unknown) => string): string {
  const named = `payload -> ${parameter(path)}::text`;
  return path.includes('.') ? `coalesce(${named}, payload #> ${parameter(path.split('.'))}::text[])` : named;
}

/** The text that a dimension has for the value, or NULL. */
const textSql = (field: string) => `
  CASE WHEN json_typeof(${field}) IN ('string', 'number', 'boolean')
       THEN ${dimensionValueSql(`(${field} #>> '{}')`)} END`;
