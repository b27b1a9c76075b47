import { bucketIndex } from '../buckets/buckets.js';
import type { SeriesDelta } from '../delta/delta.js';
import { type AggregateQuestion, groupKey, REST_KEY } from './question.js';
import { isQuantile, type Summand } from './statistic.js';

/** A summand and the group it belongs to. */
export type Grouped = readonly [key: string, summand: Summand];

/** Finds what deltas add to a question, by index of the bucket. Pure. */
export class DeltaSummands {
  readonly byIndex = new Map<number, Grouped[]>();
  private readonly chosen: ReadonlySet<string> | undefined;
  private readonly wantsSketch: boolean;

  constructor(private readonly question: AggregateQuestion) {
    this.chosen = question.chosen && new Set(question.chosen.keys);
    this.wantsSketch = question.statistics.some(isQuantile);
  }

  add(deltas: Iterable<SeriesDelta>): void {
    const { bounds } = this.question;
    for (const delta of deltas) {
      const index = bucketIndex(bounds, delta.t * 1000);
      if (index < 0 || index >= bounds.length - 1 || !this.matches(delta)) continue;
      const key = this.keyOf(delta);
      const summand = this.summandOf(delta);
      if (key === null || !summand) continue;
      const list = this.byIndex.get(index);
      if (list) list.push([key, summand]);
      else this.byIndex.set(index, [[key, summand]]);
    }
  }

  private matches({ d }: SeriesDelta): boolean {
    return Object.entries(this.question.where).every(([name, value]) => dimensionOf(d, name) === value);
  }

  /** @returns null when the group is not asked for */
  private keyOf({ d }: SeriesDelta): string | null {
    const { groupBy, chosen } = this.question;
    const key = groupKey(groupBy.map((name) => dimensionOf(d, name)));
    if (!this.chosen || this.chosen.has(key)) return key;
    return chosen?.rest ? REST_KEY : null;
  }

  private summandOf({ c, m }: SeriesDelta): Summand | null {
    if (this.question.measure === undefined) {
      return { count: c, sum: null, min: null, max: null };
    }
    if (!Object.hasOwn(m, this.question.measure)) return null;
    const [count, sum, min, max, sketch] = m[this.question.measure]!;
    return { count, sum, min, max, sketch: this.wantsSketch ? sketch : null };
  }
}

const dimensionOf = (dimensions: SeriesDelta['d'], name: string) =>
  Object.hasOwn(dimensions, name) ? dimensions[name]! : null;
