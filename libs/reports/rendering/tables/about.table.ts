import type { Report } from '../../content/report.js';
import { type Cell, defineTable, type Kind } from './report-table.js';

interface Fact {
  readonly name: string;
  readonly kind: Kind;
  readonly value: Cell['value'];
}

const TITLES: Readonly<Record<string, string>> = {
  kind: 'Report',
  start: 'Begins',
  end: 'Ends before',
  time_zone: 'Time zone',
  computed_at: 'Computed',
  late_events: 'Events that came late',
  watermark_events: 'Events it was computed from, eight weeks before the period among them',
  watermark_erasures: 'People erased before it was computed',
};

/** What the report is about, and what it was computed from. */
export const about = defineTable<Fact>({
  ...{ name: 'about', title: 'About this report', nothing: 'Nothing is known about this report.' },
  items: factsOf,
  columns: [
    { name: 'name', title: 'About', kind: 'text', of: ({ name }) => name, words: TITLES },
    { name: 'value', title: 'Value', kind: ({ kind }) => kind, of: ({ value }) => value },
  ],
});

function factsOf({ kind, period, computed_at, late_events, watermark }: Report): Fact[] {
  return [
    { name: 'kind', kind: 'text', value: kind },
    { name: 'start', kind: 'instant', value: period.start },
    { name: 'end', kind: 'instant', value: period.end },
    { name: 'time_zone', kind: 'text', value: period.time_zone },
    { name: 'computed_at', kind: 'instant', value: computed_at },
    { name: 'late_events', kind: 'count', value: late_events },
    { name: 'watermark_events', kind: 'count', value: watermark.events },
    { name: 'watermark_erasures', kind: 'count', value: watermark.erasures },
  ];
}
