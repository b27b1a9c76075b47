import { type ExportRow, exportFormats, progressAt } from '#exports';
import {
  anyObject,
  count,
  described,
  instant,
  nullable,
  oneOf,
  record,
  text,
  uuid,
} from '../http/openapi/schema.js';

/** An export that was asked for as a job, in answers. */
export interface ExportAnswer {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly format: string;
  /** As in the request, with the range resolved. */
  readonly filter: object;
  readonly progress: number;
  readonly events: number;
  readonly bytes: number;
  readonly requested_at: Date;
  readonly finished_at: Date | null;
  readonly file: string | null;
  readonly expires_at: Date;
}

/** @param now milliseconds since the epoch */
export function answerOf(row: ExportRow, now: number): ExportAnswer {
  const { id, events, bytes, requested_at, finished_at, expires_at } = row;
  const { format, filter } = row.request;
  const { from, to, type, userId, sessionId } = filter;
  const status = row.is_outdated ? 'failed' : row.status;
  const hasFile = status === 'done' && expires_at.getTime() > now;
  return {
    id,
    status,
    format,
    filter: {
      ...(type === undefined ? {} : { type }),
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(sessionId === undefined ? {} : { session_id: sessionId }),
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    },
    progress: row.status === 'done' ? 1 : row.position ? progressAt(row.position, filter) : 0,
    events,
    bytes,
    requested_at,
    finished_at,
    file: hasFile ? `/v1/exports/${id}/file` : null,
    expires_at,
  };
}

export const exportSchema = record<ExportAnswer>('Export', {
  id: uuid,
  status: described(
    oneOf(['queued', 'running', 'done', 'failed']),
    '`failed` also when a person was erased since: the file may have had events of theirs.',
  ),
  format: oneOf(exportFormats.map(({ name }) => name)),
  filter: described(anyObject, 'With the range resolved.'),
  progress: described({ type: 'number', minimum: 0, maximum: 1 }, 'Part of the time range that is written.'),
  events: described(count, 'Events written.'),
  bytes: described(count, 'Bytes written.'),
  requested_at: instant,
  finished_at: nullable(instant),
  file: described(nullable(text), 'Where to download the file, until it expires; null before it is done.'),
  expires_at: described(instant, 'When the export and its file are removed.'),
});
