/** In a FROM list after `event_segments s`: the events of each segment, as `e`. */
export const DECODED = `
  decode_segment(s.ts, s.received_at, s.uuids, s.ids, s.type, s.types, s.user_ids, s.session_ids, s.srcs,
                 s.payloads, s.type_revisions) AS e`;
