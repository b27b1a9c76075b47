import type { Pool } from 'pg';
import { SERVER_FAULT } from '../../report-mails/server-fault.js';
import { boundedQuery } from './bounded-query.js';

/** Mails that the mail server did not take, through no fault of theirs. */
export interface HeldUpMails {
  readonly mails: number;
  /** Seconds since the oldest was planned; 0 when there is none. */
  readonly oldest_seconds: number;
}

/** @param now milliseconds since the epoch */
export async function heldUpMails(pool: Pool, now: number): Promise<HeldUpMails> {
  const [row] = await boundedQuery<HeldUpMails>(
    pool,
    `SELECT count(*)::integer AS mails, coalesce(extract(epoch FROM $1 - min(planned_at)), 0)::float8 AS oldest_seconds
     FROM report_mails WHERE next_attempt_at IS NOT NULL AND error = $2`,
    [new Date(now), SERVER_FAULT],
  );
  return row!;
}
