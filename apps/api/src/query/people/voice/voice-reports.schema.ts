import type { JsonSchema } from '#catalog';
import type { WeekOfUser } from '#people';
import { count, described, instant, listOf, nullable, record, text } from '../../../http/openapi/schema.js';
import type { Session } from '../sessions/render-session.js';
import { sessionFields } from '../sessions/session.schema.js';

const seconds: JsonSchema = { type: 'number', minimum: 0 };

export const voiceUserSchema = record<{ user_id: string; total_talked_time: number; session_count: number }>(
  'VoiceUser',
  {
    user_id: text,
    total_talked_time: described(seconds, 'Seconds.'),
    session_count: count,
  },
);

export const voiceSessionSchema = record<Session & { talked_time: number }>('VoiceSession', {
  ...sessionFields,
  talked_time: described(seconds, 'The same as `talked_seconds`.'),
});

const weekSchema = record<WeekOfUser>('VoiceWeek', {
  user_id: text,
  name: nullable(text),
  session_count: count,
  total_talked_time: described(seconds, 'Seconds.'),
  last_session: described(instant, 'Last event of these sessions.'),
});

export const weeklyReportSchema = record<{ week_start: string; data: unknown; next_cursor: string | null }>(
  'VoiceWeeklyReport',
  {
    week_start: { type: 'string', format: 'date' },
    data: listOf(weekSchema),
    next_cursor: described(nullable(text), '`cursor` for the next page; null on the last page.'),
  },
);
