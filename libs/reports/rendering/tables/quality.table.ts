import type { Quality } from '../../content/report.js';
import { defineTable } from './report-table.js';

const OUTCOMES = {
  received: 'Received',
  stored: 'Stored',
  duplicate: 'Duplicates, which count once',
  dead_lettered: 'Set aside as dead letters',
  rejected: 'Refused at the door, not among those received',
} as const;

/** What became of the events that arrived. */
export const quality = defineTable<{ readonly outcome: string; readonly count: number }>({
  ...{ name: 'quality', title: 'Data quality', nothing: 'No events arrived.' },
  items: (report) =>
    (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).map((outcome) => ({
      outcome,
      count: report.quality[outcome],
    })),
  columns: [
    { name: 'outcome', title: 'Events', kind: 'text', of: ({ outcome }) => outcome, words: OUTCOMES },
    { name: 'count', title: 'Number', kind: 'count', of: ({ count }) => count },
  ],
});

/** Why events were refused. */
export const rejections = defineTable<Quality['rejections'][number]>({
  ...{ name: 'rejections', title: 'Refused events', nothing: 'No event was refused.' },
  items: (report) => report.quality.rejections,
  columns: [
    { name: 'code', title: 'Reason', kind: 'text', of: ({ code }) => code },
    { name: 'count', title: 'Number', kind: 'count', of: ({ count }) => count },
  ],
});

/** Why events became dead letters. */
export const deadLetters = defineTable<Quality['dead_letters'][number]>({
  ...{ name: 'dead_letters', title: 'Dead letters', nothing: 'There are no dead letters.' },
  items: (report) => report.quality.dead_letters,
  columns: [
    { name: 'code', title: 'Reason', kind: 'text', of: ({ code }) => code },
    { name: 'count', title: 'Number', kind: 'count', of: ({ count }) => count },
  ],
});

/** Event types of which some values were counted together. */
export const otherSeries = defineTable<string>({
  name: 'types_with_other_series',
  title: 'Types with too many values',
  nothing: 'No event type had too many values to count each.',
  items: (report) => report.quality.types_with_other_series,
  columns: [{ name: 'type', title: 'Event type', kind: 'text', of: (type) => type }],
});
