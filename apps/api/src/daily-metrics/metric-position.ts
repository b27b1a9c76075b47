import { startOfDate } from '../http/input/is-date.js';
import type { DailyMetric, MetricPosition } from './daily-metrics.read-model.js';

export const positionOf = ({ day, name, dimensions }: DailyMetric): MetricPosition => [
  day,
  name,
  JSON.stringify(dimensions),
];

/** Whether PostgreSQL can compare rows with what a cursor holds. */
export const isPosition = (value: readonly unknown[]): value is MetricPosition & unknown[] =>
  value.length === 3 &&
  value.every((part) => typeof part === 'string' && part.isWellFormed()) &&
  startOfDate(value[0] as string) !== null &&
  isDimensions(value[2] as string);

function isDimensions(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value)
        .flat()
        .every((text) => text === null || isStorable(text))
    );
  } catch {
    return false;
  }
}

const isStorable = (text: unknown) => typeof text === 'string' && text.isWellFormed() && !text.includes('\0');
