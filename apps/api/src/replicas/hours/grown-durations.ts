import type { RouteSum } from '../../metrics/request-counts.js';

/**
 * By how much each route has grown; only those that have. Pure.
 * @param before what was known before, by route and method
 */
export function grownDurations(now: readonly RouteSum[], before: readonly RouteSum[]): RouteSum[] {
  const known = new Map(before.map((one) => [`${one.method} ${one.route}`, one]));
  return now
    .map((one) => {
      const earlier = known.get(`${one.method} ${one.route}`);
      if (!earlier) return one;
      return {
        ...one,
        seconds: one.seconds - earlier.seconds,
        upTo: one.upTo.map((count, i) => count - earlier.upTo[i]!),
      };
    })
    .filter(({ upTo }) => upTo.at(-1)! > 0);
}
