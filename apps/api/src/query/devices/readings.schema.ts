import { described, instant, listOf, nullable, record, text } from '../../http/openapi/schema.js';
import type { EventRow } from '../events/event-filter.js';
import { type EventPageEnd, pageEnd } from '../events/event-page.schema.js';

/** One reading of a device. */
interface Reading {
  readonly metric_name: unknown;
  readonly value: unknown;
  readonly unit: unknown;
  readonly timestamp: Date;
}

interface Readings extends EventPageEnd {
  readonly device_name: string;
  readonly data: readonly Reading[];
}

const readingSchema = record<Reading>('Reading', {
  metric_name: text,
  value: { type: 'number' },
  unit: described(nullable(text), 'null when the reading came without one.'),
  timestamp: instant,
});

export const readingsSchema = record<Readings>(
  'Readings',
  { device_name: text, data: listOf(readingSchema), ...pageEnd },
  ['searched_until'],
);

/** An event in the names of the device dialect. Pure. */
export function readingOf({ ts, payload }: EventRow): Reading {
  const { metric_name, value, unit = null } = payload as Readonly<Record<string, unknown>>;
  return { metric_name, value, unit, timestamp: ts };
}
