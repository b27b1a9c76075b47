const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Parses an RFC 3339 instant to milliseconds since the epoch; further digits are cut off, a leap second
 * counts as the last millisecond before it.
 * @returns null when it is none; Date.parse alone takes 30 February for 2 March
 */
export function parseInstant(text: string): number | null {
  const match = RFC_3339.exec(text);
  if (!match) return null;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]!) return null;
  if (month === 2 && day === 29 && !isLeap(year)) return null;
  const leapSecond = match[6] === '60';
  const normal = leapSecond ? `${text.slice(0, 17)}59.999${text.slice(19).replace(/^\.\d+/, '')}` : text;
  const instant = Date.parse(normal.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(instant) ? null : instant;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
