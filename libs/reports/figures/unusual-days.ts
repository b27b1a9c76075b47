import type { ReportDay, UnusualDay } from '../content/report.js';

/** A value further from the median than this many robust deviations is unusual. */
const DEVIATIONS = 3;
/** Makes the median of absolute deviations of a normal distribution its standard deviation (Rousseeuw and Croux 1993). */
const NORMAL = 1.4826;
/** Days with events that it takes to say what is usual. */
const LEAST_DAYS = 14;

const FIGURES = {
  events: 'events',
  active_users: 'active users',
  errors: 'errors of commands and agents',
} as const;

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const weekdays = new Intl.DateTimeFormat('en', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});

/**
 * Days whose figures are further than three robust deviations from the median of the days before. Robust: the median, and the
 * median of absolute deviations, which a few wild days do not move. Pure.
 * @param history the days before; those before the first event say nothing
 */
export function unusualDays(history: readonly ReportDay[], days: readonly ReportDay[]): UnusualDay[] {
  const first = history.findIndex(({ events }) => events > 0);
  const usual = first < 0 ? [] : history.slice(first);
  if (usual.length < LEAST_DAYS) return [];
  return (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).flatMap((figure) => {
    const values = usual.map((day) => day[figure]);
    const center = median(values);
    const deviation = NORMAL * median(values.map((value) => Math.abs(value - center)));
    return days
      .filter((day) => Math.abs(day[figure] - center) > DEVIATIONS * deviation)
      .map((day) => ({
        ...{ day: day.day, figure, value: day[figure], usual: center },
        text: inWords(day.day, FIGURES[figure], day[figure], center),
      }));
  });
}

function inWords(day: string, what: string, value: number, usual: number): string {
  const date = weekdays.format(new Date(`${day}T00:00:00Z`));
  return `${date} had ${numbers.format(value)} ${what}; usual are ${numbers.format(usual)}.`;
}

/** The mean of the two in the middle when there is an even number. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
