import type { Report, TypeFigures, ValueCount } from '../../content/report.js';
import { defineTable, type ReportTable, type TableColumn } from './report-table.js';

/** Events of each type, now and in the period before. */
export const eventTypes = defineTable<TypeFigures>({
  ...{ name: 'event_types', title: 'Event types', nothing: 'There were no events of any type.' },
  items: (report) => report.event_types,
  columns: [
    { name: 'type', title: 'Type', kind: 'text', of: ({ type }) => type },
    { name: 'count', title: 'Events', kind: 'count', of: ({ count }) => count },
    { name: 'previous', title: 'Period before', kind: 'count', of: ({ previous }) => previous },
  ],
});

/** How many of something have each value. */
const valuesTable = (
  { name, title, nothing }: Pick<ReportTable, 'name' | 'title' | 'nothing'>,
  value: Pick<TableColumn, 'title' | 'words' | 'missing'>,
  counted: string,
  items: (report: Report) => readonly ValueCount[],
) =>
  defineTable<ValueCount>({
    ...{ name, title, nothing, items },
    columns: [
      { ...{ name: 'value', kind: 'text', of: (one) => one.value }, ...value },
      { name: 'count', title: counted, kind: 'count', of: ({ count }) => count },
    ],
  });

/** Sessions by device. */
export const devices = valuesTable(
  { name: 'devices', title: 'Devices', nothing: 'There were no sessions on any device.' },
  { title: 'Device', words: { __rest__: 'other devices' }, missing: 'not known' },
  'Sessions',
  (report) => report.devices,
);

/** Voice events by sentiment. */
export const sentiments = valuesTable(
  { name: 'sentiments', title: 'Sentiment', nothing: 'Nobody talked, so there is no sentiment.' },
  { title: 'Sentiment', missing: 'not known' },
  'Voice events',
  (report) => report.sentiments,
);
