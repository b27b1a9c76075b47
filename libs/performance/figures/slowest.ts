/** What takes time, together and on average. */
interface Timed {
  readonly avg_ms: number;
  readonly total_ms: number;
}

/** Those that are among the first `count` by all of their time or by their average; the most time first. Pure. */
export function slowest<T extends Timed>(all: readonly T[], count: number): T[] {
  const first = (by: keyof Timed) => [...all].sort((a, b) => b[by] - a[by]).slice(0, count);
  return [...new Set([...first('total_ms'), ...first('avg_ms')])].sort((a, b) => b.total_ms - a.total_ms);
}
