import { createHash } from 'node:crypto';

/** Longest dimension value kept as it is, in bytes; eight of them still fit a B-tree entry (2.7 kB). */
const MAX_BYTES = 200;
const KEPT_CHARACTERS = 40;

/**
 * The text a payload value is grouped under, or undefined when it is no scalar. Long values keep their
 * first characters and a hash of the whole, so that they stay apart from each other.
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
  const head = [...value.slice(0, 2 * KEPT_CHARACTERS)].slice(0, KEPT_CHARACTERS).join('');
  return `${head}…${createHash('md5').update(value).digest('hex')}`;
}

/** The same rule in SQL, for a text expression. */
export const dimensionValueSql = (text: string) =>
  `CASE WHEN octet_length(${text}) <= ${MAX_BYTES} THEN ${text}
        ELSE left(${text}, ${KEPT_CHARACTERS}) || '…' || md5(${text}) END`;
