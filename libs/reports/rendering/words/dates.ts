import type { Report } from '../../content/report.js';

/** `Mon, Nov 16` */
const shortDays = new Intl.DateTimeFormat('en', {
  ...{ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' },
});

/** @param day local date, `YYYY-MM-DD` */
export const dayText = (day: string) => shortDays.format(new Date(`${day}T00:00:00Z`));

/** `Nov 16, 2026, 09:05` */
export function instantText(instant: string, timeZone: string): string {
  return instants(timeZone).format(new Date(instant));
}

/** Making a formatter takes 50 µs, and a report has thousands of instants of one zone. */
let latest: { readonly timeZone: string; readonly format: Intl.DateTimeFormat } | null = null;

function instants(timeZone: string): Intl.DateTimeFormat {
  if (latest?.timeZone !== timeZone) {
    const format = new Intl.DateTimeFormat('en', {
      ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
      ...{ hourCycle: 'h23', timeZone },
    });
    latest = { timeZone, format };
  }
  return latest.format;
}

/** `Weekly report` */
export const kindText = ({ kind }: Pick<Report, 'kind'>) =>
  kind === 'weekly' ? 'Weekly report' : 'Monthly report';

/** `week` */
export const unitText = ({ kind }: Pick<Report, 'kind'>) => (kind === 'weekly' ? 'week' : 'month');

/** `November 16 – 22, 2026`, `November 2026` */
export function periodText({ kind, period }: Pick<Report, 'kind' | 'period'>): string {
  const { start, end, time_zone: timeZone } = period;
  const [first, last] = [new Date(start), new Date(Date.parse(end) - 1)];
  if (kind === 'monthly') {
    return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone }).format(first);
  }
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone });
  // Mail programs and fonts lack the narrow spaces of some versions of Unicode's data.
  return format.formatRange(first, last).replaceAll(/[\u2009\u202f]/g, ' ');
}
