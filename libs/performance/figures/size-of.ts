const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people, such as `12.5 MB`. */
export function sizeOf(bytes: number): string {
  if (Math.abs(bytes) < 1000) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log10(Math.abs(bytes)) / 3), UNITS.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}
