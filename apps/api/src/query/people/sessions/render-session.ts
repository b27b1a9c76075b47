import type { SessionRow } from './sessions.read-model.js';

/** A session in an answer. */
export interface Session {
  readonly session_id: string;
  readonly user_id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly last_seen_at: Date;
  readonly duration_seconds: number;
  readonly device: string | null;
  readonly events: number;
  readonly talked_seconds: number;
}

/** Renders a session. It lasts until it was ended; while nobody has ended it, until its last event. Pure. */
export function renderSession({ first_seen, last_seen, ended_at, ...row }: SessionRow): Session {
  const { session_id, user_id, name, email, device, events, talked_seconds } = row;
  return {
    ...{ session_id, user_id, name, email },
    started_at: first_seen,
    ended_at,
    last_seen_at: last_seen,
    duration_seconds: ((ended_at ?? last_seen).getTime() - first_seen.getTime()) / 1000,
    ...{ device, events, talked_seconds },
  };
}
