const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const PERCENT = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const CHANGE = new Intl.NumberFormat('en-US', {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
});
const NONE = '–';

const LONGEST = 80;

/** A name that somebody else chose, on one line and not too long: it must not look like a part of the mail. */
export function named(name: string): string {
  const characters = [...name.replace(/[\s\p{Cc}]+/gu, ' ').trim()];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('');
}

const orNone = (format: (value: number) => string) => (value: number | null) =>
  value === null ? NONE : format(value);

/** `1,250`. */
export const amount = orNone((value) => NUMBER.format(value));
/** `4.5%` of a share. */
export const share = orNone((value) => PERCENT.format(value));
/** `+12%` of a share; null: there was none before. */
export const change = orNone((value) => CHANGE.format(value).replace('-', '−'));
/** `180 ms`, or seconds from ten on. */
export const milliseconds = orNone((value) =>
  value < 10_000 ? `${NUMBER.format(value)} ms` : `${NUMBER.format(value / 1000)} s`,
);
/** `45 s`, `12 min` or `5 h 12 min`. */
export const duration = orNone((seconds) => {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return minutes < 90 ? `${minutes} min` : `${NUMBER.format(Math.floor(minutes / 60))} h ${minutes % 60} min`;
});

/** `1 event`, `2 events`. */
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${amount(count)} ${count === 1 ? one : many}`;

/** `21 Nov, 17:45` in a time zone. */
export const shortInstant = (iso: string, timeZone: string) => {
  const [day, time] = [{ day: 'numeric', month: 'short' }, { timeStyle: 'short' }] as const;
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(new Date(iso));
  return `${write(day)}, ${write(time)}`;
};
/** `21 Nov 2026, 17:45` in a time zone. */
export const instant = (iso: string, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(
    new Date(iso),
  );

/** `16–22 November 2026`, or `October 2026`. */
export function periodName(
  kind: 'weekly' | 'monthly',
  {
    start,
    end,
    time_zone: timeZone,
  }: { readonly start: string; readonly end: string; readonly time_zone: string },
): string {
  const month = { month: 'long', year: 'numeric', timeZone } as const;
  if (kind === 'monthly') return new Intl.DateTimeFormat('en-GB', month).format(new Date(start));
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', ...month });
  const range = format.formatRange(new Date(start), new Date(Date.parse(end) - 1));
  // Versions of ICU differ in their spaces.
  return range.replace(/\s*–\s*/, ' – ').replace(/^(\d+) – (?=\d)/, '$1–');
}
