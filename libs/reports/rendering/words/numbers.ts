const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const shares = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const changes = new Intl.NumberFormat('en', {
  ...{ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' },
});

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** From here on minutes do not matter. */
const LONG = 100 * HOUR;

/** `12,345` */
export const countText = (value: number) => counts.format(value);

/** `1,234.5` */
export const decimalText = (value: number) => decimals.format(value);

/** `2.5%` */
export const shareText = (value: number) => shares.format(value);

/** `+2.5%`, `-40%`, `0%` */
export const changeText = (value: number) => changes.format(value).replace('-', '\u2212');

/** `1 user`, `2 users` */
export const numberOf = (count: number, one: string, many = `${one}s`) =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** `45 s`, `2 min 5 s`, `3 h 20 min`, `1,203 h` */
export function secondsText(value: number): string {
  if (value > 0 && value < 10) return `${decimalText(value)} s`;
  const seconds = Math.round(value);
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return pair(Math.floor(seconds / MINUTE), 'min', seconds % MINUTE, 's');
  if (seconds >= LONG) return `${countText(seconds / HOUR)} h`;
  const minutes = Math.round(seconds / MINUTE);
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** `180 ms`, `1.2 s`, `2 min 5 s` */
export function millisecondsText(value: number): string {
  if (value < 10) return `${decimalText(value)} ms`;
  if (Math.round(value) < 1000) return `${Math.round(value)} ms`;
  const seconds = Math.round(value / 100) / 10;
  return seconds < MINUTE ? `${decimalText(seconds)} s` : secondsText(value / 1000);
}

const pair = (large: number, unit: string, small: number, smallUnit: string) =>
  `${countText(large)} ${unit}${small === 0 ? '' : ` ${small} ${smallUnit}`}`;
