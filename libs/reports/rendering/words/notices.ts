import type { Report } from '../../content/report.js';
import { instantText } from './dates.js';
import { numberOf } from './numbers.js';

/** What a report was computed from, and what came late, in sentences. Pure. */
export function noticesOf({ computed_at, late_events, watermark, period }: Report): string[] {
  const erased =
    watermark.erasures === 0
      ? ''
      : `, after ${numberOf(watermark.erasures, 'person', 'people')} had been erased`;
  const late =
    late_events === 0
      ? 'No events came late.'
      : `${numberOf(late_events, 'event')} came after the report was first computed, and ${late_events === 1 ? 'is' : 'are'} counted in it.`;
  return [
    `Computed on ${instantText(computed_at, period.time_zone)} from ${numberOf(watermark.events, 'event')} of this period and the eight weeks before${erased}.`,
    late,
  ];
}
