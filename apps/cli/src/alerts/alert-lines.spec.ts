import type { AlertReport, NotificationReport } from '#alerts';
import { alertLines } from './alert-lines.js';

const at = new Date('2026-11-27T10:15:00.000Z');
const notification = (status: NotificationReport['status'], ...said: string[]): NotificationReport => ({
  ...{ id: '1', channel: 'ops', event: 'firing', status, created_at: at },
  attempts: said.map((text) => ({ at: at.toISOString(), said: text })),
});
const alert = (
  rule: string,
  state: AlertReport['state'],
  notifications: NotificationReport[],
): AlertReport => ({
  ...{ id: '1', rule_id: rule, rule, state, summary: `${rule} is so.`, value: null, notifications },
  ...{ started_at: at, fired_at: at, resolved_at: state === 'resolved' ? new Date(+at + 1000) : null },
  silenced_until: null,
});

it('prints a line for each alert, and what did not arrive', () => {
  const failed = [
    notification('sent', 'HTTP 200'),
    notification('refused', 'HTTP 404'),
    notification('waiting'),
  ];
  expect(alertLines([alert('disk', 'firing', failed), alert('canary-late', 'resolved', [])])).toEqual([
    'firing    2026-11-27T10:15:00.000Z  disk         disk is so.',
    '          firing through ops: refused, HTTP 404',
    '          firing through ops: waiting',
    'resolved  2026-11-27T10:15:01.000Z  canary-late  canary-late is so.',
  ]);
  expect(alertLines([])).toEqual(['No alert has fired.']);
});
