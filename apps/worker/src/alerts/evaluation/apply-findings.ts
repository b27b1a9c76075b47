import { type AlertMessage, nextAlert, type OpenAlert, type Telling } from '#alerts';
import { NO_ORGANIZATION } from '#identity';
import type { JobCounts } from '#jobs';
import type { AlertsStore, StoredAlert } from './alerts.store.js';
import type { Finding } from './finding.js';

/**
 * Takes every alert to its next state, and puts what is to be told into the outbox.
 * @param store in the transaction of the evaluation's slot
 * @param now of the slot, in milliseconds since the epoch
 */
export async function applyFindings(
  store: AlertsStore,
  findings: readonly Finding[],
  now: number,
): Promise<JobCounts> {
  const at = new Date(now);
  const open = await store.open();
  const alerts = new Map(open.map((alert) => [keyOf(alert.organization_id, alert.rule), alert]));
  const silences = await store.silences(at);
  const silenced = new Map(
    silences.map((one) => [keyOf(one.organization_id, one.rule), one.until.getTime()]),
  );
  const counts = { rules: findings.length, firing: 0, notifications: 0 };
  for (const finding of [...findings, ...abandoned(open, findings)]) {
    const key = keyOf(finding.organizationId, finding.rule);
    const before = alerts.get(key);
    const timing = { ...finding, silencedUntil: silenced.get(key) ?? null };
    const { alert, tells } = nextAlert(before ? openOf(before) : null, finding.holds, timing, now);
    if (alert?.state === 'firing') counts.firing++;
    const id = finding.holds === null ? before?.id : await change(store, before, finding, alert, at);
    if (!tells || id === undefined) continue;
    const message = messageOf({ id, finding, alert: alert ?? openOf(before!), tells, now });
    counts.notifications += await store.tell(finding.organizationId, finding.channels, message, at);
  }
  return counts;
}

const keyOf = (organizationId: string, rule: string) => `${organizationId} ${rule}`;

const openOf = ({ state, started_at, fired_at, told_at }: StoredAlert): OpenAlert => ({
  ...{ state, startedAt: started_at.getTime() },
  ...{ firedAt: fired_at?.getTime() ?? null, toldAt: told_at?.getTime() ?? null },
});

/** Alerts whose rule was deleted or switched off end. Those whose rule was just not evaluated do not. */
function abandoned(open: readonly StoredAlert[], findings: readonly Finding[]): Finding[] {
  const found = new Set(findings.map(({ rule }) => rule));
  return open
    .filter(({ rule, has_rule }) => !has_rule && !found.has(rule))
    .map(({ organization_id, rule, name, value, channels }) => ({
      ...{ organizationId: organization_id, rule, name, value, channels, holds: false },
      ...{ summary: 'The rule was deleted or switched off.', forMs: 0, repeatMs: null },
    }));
}

/** @returns the alert's id; undefined: there is none to tell about */
async function change(
  store: AlertsStore,
  before: StoredAlert | undefined,
  finding: Finding,
  alert: OpenAlert | null,
  now: Date,
): Promise<string | undefined> {
  if (alert) {
    if (!before) return store.begin(finding, alert);
    await store.goOn(before.id, finding, alert);
  } else if (before?.state === 'firing') await store.resolve(before, finding, now);
  else if (before) await store.remove(before);
  return before?.id;
}

interface Told {
  readonly id: string;
  readonly finding: Finding;
  readonly alert: OpenAlert;
  readonly tells: Telling;
  readonly now: number;
}

function messageOf({ id, finding, alert, tells, now }: Told): AlertMessage {
  const { organizationId, name, summary, value } = finding;
  return {
    ...{ event: tells, organization_id: organizationId === NO_ORGANIZATION ? null : organizationId },
    ...{ alert_id: id, rule: name, summary, value },
    started_at: new Date(alert.startedAt).toISOString(),
    fired_at: alert.firedAt === null ? null : new Date(alert.firedAt).toISOString(),
    resolved_at: tells === 'resolved' ? new Date(now).toISOString() : null,
  };
}
