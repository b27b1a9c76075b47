const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

let lastDay = '';
let lastMidnight = 0;

/**
 * Parses an RFC 3339 instant to milliseconds since the epoch. Truncates further digits; a leap second becomes the
 * last millisecond before it.
 * @returns null when the text is not a valid instant (Date.parse alone would read 30 February as 2 March)
 */
export function parseInstant(text: string): number | null {
  return (text.length === 24 ? parseSameDay(text) : null) ?? parseAny(text);
}

/** Fast path for `YYYY-MM-DDTHH:MM:SS.sssZ` on the same day as the last instant: 0.05 µs instead of 1.5 µs. */
function parseSameDay(text: string): number | null {
  if (lastDay === '' || !text.startsWith(lastDay)) return null;
  if (text[10] !== 'T' || text[13] !== ':' || text[16] !== ':' || text[19] !== '.' || text[23] !== 'Z')
    return null;
  const hours = digits(text, 11, 2);
  const minutes = digits(text, 14, 2);
  const seconds = digits(text, 17, 2);
  const milliseconds = digits(text, 20, 3);
  if (!(hours < 24 && minutes < 60 && seconds < 60 && milliseconds < 1000)) return null;
  return lastMidnight + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + milliseconds;
}

/** Reads a number; NaN when a character is not a digit. */
function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function parseAny(text: string): number | null {
  const match = RFC_3339.exec(text);
  if (!match) return null;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]!) return null;
  if (month === 2 && day === 29 && !isLeap(year)) return null;
  const leapSecond = match[5] === '60';
  const normal = leapSecond ? `${text.slice(0, 17)}59.999${text.slice(19).replace(/^\.\d+/, '')}` : text;
  const instant = Date.parse(normal.toUpperCase().replace(' ', 'T'));
  if (Number.isNaN(instant)) return null;
  if (text.length === 24 && text.endsWith('Z')) {
    lastDay = text.slice(0, 10);
    lastMidnight = Math.floor(instant / 86_400_000) * 86_400_000;
  }
  return instant;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
