const FROM = 'to_timestamp($2::float8 / 1000)';
const TO = 'to_timestamp($3::float8 / 1000)';

/**
 * SQL of the events that may be steps, as `user_id, ts, type, payload`, of the organization $1 from $2 to $3, in milliseconds
 * since the epoch, and of the types $5. Of segments only the columns that a funnel needs are decoded.
 * @param needsPayload false: `payload` is NULL
 */
export const stepEvents = (needsPayload: boolean) => `
  SELECT user_id, ts, type, ${needsPayload ? 'payload' : 'NULL::json AS payload'} FROM event_rows
  WHERE organization_id = $1 AND ts >= ${FROM} AND ts < ${TO} AND type = ANY($5::text[]) AND user_id IS NOT NULL
  UNION ALL
  SELECT e.user_id, e.ts, e.type, e.payload
  FROM event_segments s,
       decode_segment(s.ts, NULL, NULL, NULL, s.type, s.types, s.user_ids, NULL, NULL,
                      ${needsPayload ? 's.payloads' : 'NULL'}, NULL) AS e
  WHERE s.organization_id = $1 AND s.last_ts >= ${FROM} AND s.first_ts < ${TO}
    AND s.last_ts < date_trunc('day', ${TO}, 'UTC') + interval '1 day'
    AND (s.type = ANY($5::text[]) OR s.types && $5::text[])
    AND e.ts >= ${FROM} AND e.ts < ${TO} AND e.type = ANY($5::text[]) AND e.user_id IS NOT NULL`;
