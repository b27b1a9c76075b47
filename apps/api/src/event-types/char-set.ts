/** Ranges of code points, both ends inclusive, in any order. */
export type CharSet = readonly (readonly [number, number])[];

const LAST = 0x10ffff;
export const EVERY_CHARACTER: CharSet = [[0, LAST]];

export const intersect = (a: CharSet, b: CharSet): boolean =>
  a.some(([low, high]) => b.some(([from, to]) => low <= to && from <= high));

/** All code points outside the set. */
export function complement(set: CharSet): CharSet {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [low, high] of [...set].sort((a, b) => a[0] - b[0])) {
    if (low > next) rest.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}
