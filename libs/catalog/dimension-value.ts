import { createHash } from 'node:crypto';

/** Longer dimension values are shortened. Eight values of this length fit a B-tree entry (2.7 kB). */
const MAX_BYTES = 200;
const PREFIX_CHARACTERS = 40;

/**
 * The text by which a payload value is grouped; undefined for objects, arrays and null. A long value becomes its
 * first characters plus a hash of all of it, so that different values stay different.
 */
export function dimensionValue(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.length * 3 <= MAX_BYTES || Buffer.byteLength(value) <= MAX_BYTES ? value : shorten(value);
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

function shorten(value: string): string {
  const head = [...value.slice(0, 2 * PREFIX_CHARACTERS)].slice(0, PREFIX_CHARACTERS).join('');
  return `${head}…${createHash('md5').update(value).digest('hex')}`;
}

/** SQL with the same result for a text expression. */
export const dimensionValueSql = (text: string) =>
  `CASE WHEN octet_length(${text}) <= ${MAX_BYTES} THEN ${text}
        ELSE left(${text}, ${PREFIX_CHARACTERS}) || '…' || md5(${text}) END`;
