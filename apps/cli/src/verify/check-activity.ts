import type { EventType } from '#catalog';
import type { ActivityStore, SessionFigures } from './activity.store.js';
import type { Findings } from './findings.js';
import type { KeptDays } from './kept-days.js';

/**
 * Compares sessions with their events. A session that began before the first kept day is not compared: some of its
 * events are gone.
 */
export async function checkSessions(
  store: ActivityStore,
  types: readonly EventType[],
  kept: KeptDays,
  findings: Findings,
): Promise<void> {
  for await (const { organization_id, session_id, expected, found } of store.sessionPairs(types)) {
    if (found && !kept.hasAll(organization_id, found.first_seen, found.last_seen)) {
      findings.count('sessions older than the kept days (not compared)');
      continue;
    }
    findings.count('sessions');
    const place = `session ${organization_id} ${session_id}`;
    findings.compare(place, figures(expected), figures(found), ['talked_seconds']);
  }
}

function figures(row: SessionFigures | null) {
  if (!row) return null;
  const { first_seen, last_seen, ended_at, user_id, device, talked_seconds, events } = row;
  return { first_seen, last_seen, ended_at, user_id, device, talked_seconds, events };
}

/** Compares the active users of each kept day with its events. */
export async function checkUserDays(store: ActivityStore, kept: KeptDays, findings: Findings): Promise<void> {
  for await (const { organization_id, day, user_id, expected, found } of store.userDayPairs()) {
    if (!kept.has(organization_id, Date.parse(day))) {
      findings.count('user days older than the kept days (not compared)');
      continue;
    }
    findings.count('user days');
    const place = `user day ${organization_id} ${day} ${user_id}`;
    findings.compare(place, expected && { ...expected }, found && { ...found });
  }
}

/** Compares users' weeks, months and first days with their days. */
export async function checkDerivedFromDays(store: ActivityStore, findings: Findings): Promise<void> {
  for await (const { organization_id, kind, day, user_id, expected, found } of store.derivedPairs()) {
    findings.count('weeks, months and first days of users');
    const place = `${kind} ${organization_id} ${day} ${user_id}`;
    findings.compare(place, { seen: expected }, { seen: found });
  }
}
