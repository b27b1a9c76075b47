import { type Cell, type TableColumn, wordFor } from '../tables/report-table.js';
import { dayText, instantText } from './dates.js';
import { changeText, countText, decimalText, millisecondsText, secondsText, shareText } from './numbers.js';

const NONE = '–';

const NUMBERS = {
  ...{ count: countText, decimal: decimalText, share: shareText, change: changeText },
  ...{ seconds: secondsText, milliseconds: millisecondsText },
} as const;

/** A value of a report as people read it. */
export function cellText({ kind, value }: Cell, column: TableColumn, timeZone: string): string {
  if (value === null) return column.missing ?? NONE;
  if (typeof value === 'number')
    return kind in NUMBERS ? NUMBERS[kind as keyof typeof NUMBERS](value) : String(value);
  if (kind === 'day') return dayText(value);
  if (kind === 'instant') return instantText(value, timeZone);
  return wordFor(column, value);
}

/** Whether values of a kind are aligned by their last digit. */
export const isNumeric = (kind: Cell['kind']) => kind in NUMBERS;
