import type { ClientBase } from 'pg';
import { type AggregateQuestion, WINDOW_SECONDS } from '#rollups';

const DAY_MS = 86_400_000;
/** Seconds of the longest window that MINUTE_ROLLUP_RETENTION_DAYS is about. */
const MINUTES = 300;

/** Since when what a question reads is kept. */
const horizonOf = ({ stored, userIds }: AggregateQuestion) => {
  if (userIds !== undefined) return 'events_from';
  return WINDOW_SECONDS[stored] <= MINUTES ? 'minutes_from' : 'metrics_from';
};

/**
 * Before which instant retention has deleted what a question reads.
 * @param client in the snapshot of the answer
 * @param now milliseconds since the epoch, as the result
 * @returns null when the whole range is kept
 */
export async function goneBefore(
  client: ClientBase,
  organizationId: string,
  question: AggregateQuestion,
  now: number,
): Promise<number | null> {
  const from = question.bounds[0]!;
  // Everything is kept for a day.
  if (now - from <= DAY_MS) return null;
  const { rows } = await client.query<{ horizon: Date }>(
    `SELECT ${horizonOf(question)} AS horizon FROM horizons WHERE organization_id = $1`,
    [organizationId],
  );
  const horizon = rows[0]?.horizon.getTime() ?? from;
  return horizon > from ? horizon : null;
}
