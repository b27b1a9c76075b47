import type { ReportDay, UnusualDay } from '../../content/report.js';
import { defineTable } from './report-table.js';

/** What happened on each day. */
export const days = defineTable<ReportDay>({
  ...{ name: 'days', title: 'Day by day', nothing: 'The period has no days.' },
  items: (report) => report.days,
  columns: [
    { name: 'day', title: 'Day', kind: 'day', of: ({ day }) => day },
    { name: 'events', title: 'Events', kind: 'count', of: ({ events }) => events },
    { name: 'active_users', title: 'Active users', kind: 'count', of: ({ active_users }) => active_users },
    { name: 'new_users', title: 'New users', kind: 'count', of: ({ new_users }) => new_users },
    { name: 'errors', title: 'Failures', kind: 'count', of: ({ errors }) => errors },
  ],
});

/** Days far from what is usual. */
export const unusual = defineTable<UnusualDay>({
  ...{ name: 'unusual', title: 'Unusual days', nothing: 'No day stood out.' },
  items: (report) => report.unusual,
  columns: [
    { name: 'day', title: 'Day', kind: 'day', of: ({ day }) => day },
    {
      ...{ name: 'figure', title: 'Figure', kind: 'text', of: ({ figure }) => figure },
      words: { events: 'Events', active_users: 'Active users', errors: 'Failures' },
    },
    { name: 'value', title: 'On this day', kind: 'count', of: ({ value }) => value },
    { name: 'usual', title: 'Usual', kind: 'decimal', of: ({ usual }) => usual },
    { name: 'text', title: 'In words', kind: 'text', of: ({ text }) => text },
  ],
});
