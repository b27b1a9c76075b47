import type { OrganizationDelta, SeriesDelta, SessionDelta, UserDay } from './delta.js';
import { foldActivity } from './fold-activity.js';
import type { FoldInput } from './fold-input.js';
import { foldSeries } from './fold-series.js';

/** Counts the events of several batches of one organization. Pure. */
export function fold(batches: readonly FoldInput[]): OrganizationDelta {
  const types = new Map<string, SeriesDelta[]>();
  const sessions = new Map<string, SessionDelta>();
  const userDays = new Map<string, UserDay>();
  for (const batch of batches) {
    foldSeries(batch, types);
    foldActivity(batch, sessions, userDays);
  }
  return { types, sessions: [...sessions.values()], userDays: [...userDays.values()] };
}
