import type { Report } from '../../content/report.js';
import { unitText } from './dates.js';
import { countText, numberOf, secondsText, shareText } from './numbers.js';

/** The most important figures of a report, in sentences. Pure. */
export function summaryOf(report: Report): string[] {
  return [eventsOf(report), ...sessionsOf(report), ...failuresOf(report)];
}

function eventsOf(report: Report): string {
  const { totals, previous } = report;
  const unit = unitText(report);
  if (totals.events === 0) {
    return previous.events === 0
      ? `There were no events, neither in this ${unit} nor in the one before.`
      : `There were no events in this ${unit}, after ${countText(previous.events)} in the one before.`;
  }
  const were = totals.events === 1 ? 'There was' : 'There were';
  return `${were} ${numberOf(totals.events, 'event')} ${usersOf(totals)}. ${comparedWith(report)}`;
}

function usersOf({ active_users: active, new_users: fresh }: Report['totals']): string {
  if (active === 0) return 'without a known user';
  if (active === 1) return `of one user${fresh === 1 ? ', who is new' : ''}`;
  return `of ${countText(active)} users${fresh === 0 ? '' : `, ${countText(fresh)} of them new`}`;
}

function comparedWith({ totals, previous, change, kind }: Report): string {
  const before = `the ${unitText({ kind })} before`;
  if (change.events === null) return `There were none in ${before}.`;
  if (totals.events === previous.events) return `That is as many events as in ${before}.`;
  const size = shareText(Math.abs(change.events));
  if (size === '0%') return `That is about as many events as in ${before}.`;
  return `That is ${size} ${change.events > 0 ? 'more' : 'fewer'} events than in ${before}.`;
}

function sessionsOf({ totals }: Report): string[] {
  if (totals.sessions === 0) return [];
  const { avg_session_seconds: length, talked_seconds: talked } = totals;
  const each =
    length === null ? '' : `, ${secondsText(length)} ${totals.sessions === 1 ? 'long' : 'each on average'}`;
  const talk = talked > 0 ? ` Together people talked for ${secondsText(talked)}.` : '';
  return [`${numberOf(totals.sessions, 'session')} began${each}.${talk}`];
}

function failuresOf({ totals }: Report): string[] {
  const attempts = totals.commands + totals.agents;
  if (attempts === 0 || totals.error_rate === null) return [];
  const all = numberOf(attempts, 'command or agent interaction', 'commands and agent interactions');
  if (totals.errors === 0)
    return [attempts === 1 ? `${all} ran, and succeeded.` : `${all} ran, and none failed.`];
  return [`Of ${all}, ${countText(totals.errors)} failed (${shareText(totals.error_rate)}).`];
}
