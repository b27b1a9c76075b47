import type { StoredReport } from '#reports';
import { figuresOf, type MailFigure } from './mail-figures.js';
import { type MailTable, tablesOf } from './mail-tables.js';
import { amount, counted, instant, named, periodName } from './wording.js';

/** What a mail says, before it is HTML or text. */
export interface MailContent {
  readonly subject: string;
  readonly title: string;
  readonly period: string;
  /** What lists of mails show beside the subject. */
  readonly preview: string;
  readonly unusual: readonly string[];
  readonly figures: readonly MailFigure[];
  readonly tables: readonly MailTable[];
  readonly notes: readonly string[];
}

/** What a mail says about a report. Pure. */
export function mailContent(report: StoredReport, organization: string): MailContent {
  const { kind, totals } = report;
  const [title, unit] = kind === 'weekly' ? ['Weekly report', 'week'] : ['Monthly report', 'month'];
  const period = periodName(kind, report.period);
  return {
    subject: `${title} of ${named(organization)}: ${period}`,
    title: `${title} of ${named(organization)}`,
    period,
    preview:
      totals.events === 0
        ? `Nothing happened in this ${unit}.`
        : `${counted(totals.events, 'event')} by ${counted(totals.active_users, 'user')}, ${counted(report.unusual.length, 'unusual day')}.`,
    unusual: report.unusual.map(({ text }) => text),
    figures: figuresOf(report),
    tables: tablesOf(report, unit),
    notes: notesOf(report, unit),
  };
}

function notesOf({ quality, late_events, computed_at, period }: StoredReport, unit: string): string[] {
  const { received, stored, duplicate, dead_lettered, types_with_other_series: types } = quality;
  return [
    `${counted(received, 'event')} received in this ${unit}: ${amount(stored)} stored, ${counted(duplicate, 'duplicate')}, ${counted(dead_lettered, 'dead letter')}.`,
    ...(types.length > 0
      ? [`Some series of ${types.map(named).join(', ')} were counted together, as __other__.`]
      : []),
    ...(late_events > 0
      ? [`${counted(late_events, 'event')} came after the report was first computed.`]
      : []),
    `Days are those of the time zone ${period.time_zone}. Computed on ${instant(computed_at, period.time_zone)}.`,
  ];
}
