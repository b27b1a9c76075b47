import { MAX_VALUES, type Snapshot, sessionFigures } from '#people';
import { REST_KEY } from '#rollups';
import type { LocalDay } from './local-days.js';
import { type Metric, total } from './metric.js';

/** Sessions that started on a day. */
export const sessionsOf = ({ client, organizationId }: Snapshot, day: LocalDay) =>
  sessionFigures(client, organizationId, day, MAX_VALUES);

/** Sessions that started on a day, by device, and how long they lasted. */
export async function sessionMetrics(snapshot: Snapshot, day: LocalDay): Promise<Metric[]> {
  const { sessions, seconds, devices } = await sessionsOf(snapshot, day);
  return [
    total('sessions', sessions),
    ...devices.map(({ device, is_rest, sessions: value }) => ({
      ...{ name: 'sessions', dimensions: { device: is_rest ? REST_KEY : device }, value },
    })),
    ...(sessions === 0 ? [] : [total('session_seconds_avg', seconds / sessions)]),
  ];
}
