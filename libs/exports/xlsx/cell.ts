import { STYLE } from './styles.js';

/** The longest text of a cell, in UTF-16 units. */
const MAX_TEXT = 32_767;
/** Ends a text that was cut. */
const CUT = '…';
/** Whole numbers from here on have more digits than a cell shows. */
const MAX_NUMBER = 1e15;
/** Days from the first of a spreadsheet's calendar to 1970-01-01. */
const EPOCH_DAY = 25_569;
const DAY_MS = 86_400_000;

/** Text that a program would run as a formula if somebody edited the cell. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[&<>\p{Cc}\ufffe\uffff]|_x[0-9A-Fa-f]{4}_/u;
const ALL_SPECIAL = /[&<>\ufffe\uffff]|(?![\t\n])\p{Cc}|_(?=x[0-9A-Fa-f]{4}_)/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * A cell of a sheet.
 * @param place such as `B7`
 * @param value of JSON; objects and lists become JSON text
 */
export function cell(place: string, value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Math.abs(value) >= MAX_NUMBER
        ? textCell(place, String(value))
        : `<c r="${place}"><v>${value}</v></c>`;
    case 'boolean':
      return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
    case 'string':
      return textCell(place, value);
    default:
      return value === null ? '' : textCell(place, JSON.stringify(value));
  }
}

/** @param value days where the style is a day, an instant or a duration */
export const numberCell = (place: string, value: number, style: number) =>
  `<c r="${place}" s="${style}"><v>${value}</v></c>`;

/** Days of a spreadsheet's calendar. */
export const calendarDays = (epochMs: number) => epochMs / DAY_MS + EPOCH_DAY;

/** @param epochMs milliseconds since the epoch; a cell has no time zone, so its heading says that it is UTC */
export const instantCell = (place: string, epochMs: number) =>
  numberCell(place, calendarDays(epochMs), STYLE.instant);

export function textCell(place: string, text: string, style: number = STYLE.plain): string {
  const quoted = FORMULA.test(text) ? STYLE.quoted : style;
  return `<c r="${place}" s="${quoted}" t="inlineStr"><is><t xml:space="preserve">${escaped(cutText(text))}</t></is></c>`;
}

/** Cuts what a cell cannot hold, not inside a surrogate pair. */
export function cutText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const end = MAX_TEXT - CUT.length;
  const isInside = text.charCodeAt(end - 1) >= 0xd800 && text.charCodeAt(end - 1) < 0xdc00;
  return text.slice(0, isInside ? end - 1 : end) + CUT;
}

/** Escapes for XML, and as `_x000D_` what XML cannot hold (ECMA-376, ST_Xstring). */
function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text.replace(
    ALL_SPECIAL,
    (character) =>
      ENTITIES[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}
