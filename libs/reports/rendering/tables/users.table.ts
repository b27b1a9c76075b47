import type { ReportUser } from '../../content/report.js';
import { defineTable } from './report-table.js';

/** Users with sessions, those with the most first. */
export const users = defineTable<ReportUser>({
  ...{ name: 'users', title: 'Users with sessions', nothing: 'Nobody had a session.' },
  items: (report) => report.users,
  columns: [
    { name: 'user_id', title: 'User', kind: 'text', of: ({ user_id }) => user_id },
    { name: 'name', title: 'Name', kind: 'text', of: ({ name }) => name },
    { name: 'sessions', title: 'Sessions', kind: 'count', of: ({ sessions }) => sessions },
    {
      ...{ name: 'talked_seconds', title: 'Talked time', kind: 'seconds' },
      of: ({ talked_seconds }) => talked_seconds,
    },
    {
      ...{ name: 'last_session_at', title: 'Last session', kind: 'instant' },
      of: ({ last_session_at }) => last_session_at,
    },
  ],
});
