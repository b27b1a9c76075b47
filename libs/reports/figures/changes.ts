import type { Changes, PeriodFigures } from '../content/report.js';

/** The change of each figure against the period before. Pure. */
export function changesOf(totals: PeriodFigures, previous: PeriodFigures): Changes {
  const names = Object.keys(totals) as (keyof PeriodFigures)[];
  return Object.fromEntries(names.map((name) => [name, changeOf(totals[name], previous[name])])) as Changes;
}

const changeOf = (now: number | null, before: number | null): number | null =>
  now === null || before === null || before === 0 ? null : now / before - 1;
