import type { ClientBase } from 'pg';
import { streamPages } from '#database';
import type { SeriesDelta } from '../delta/delta.js';
import type { PendingDeltas } from '../pending/pending-deltas.js';
import { DeltaSummands, type Grouped } from './delta-summands.js';
import { type AggregateQuestion, type AggregateSeries, groupKey, REST_KEY } from './question.js';
import { type RollupRow, rollupRows } from './rollup-rows.read-model.js';
import { SeriesSums } from './series-sums.js';

let cursors = 0;

/** Answers aggregate queries of one organization from rollups and the deltas that are not compacted yet. */
export class RollupReadModel {
  /** Pending series by types. */
  private readonly known = new Map<string, readonly Iterable<SeriesDelta>[]>();

  /** @param client in a snapshot of the organization, so that each delta counts once, compacted or not */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
    private readonly pending: PendingDeltas,
  ) {}

  async series(question: AggregateQuestion): Promise<AggregateSeries[]> {
    const { byIndex } = await this.deltas(question);
    const sums = new SeriesSums(question);
    const close = (index: number) => {
      for (const [key, summand] of byIndex.get(index) ?? []) sums.add(key, summand);
      byIndex.delete(index);
      sums.close(index);
    };
    let open: number | null = null;
    for await (const [index, rows] of this.rowsByIndex(question)) {
      if (open !== null && index !== open) close(open);
      open = index;
      for (const [key, summand] of rows) sums.add(key, summand);
    }
    if (open !== null) close(open);
    for (const index of [...byIndex.keys()]) close(index);
    return sums.result();
  }

  private async deltas(question: AggregateQuestion): Promise<DeltaSummands> {
    const summands = new DeltaSummands(question);
    for (const series of await this.pendingSeries(question.types)) summands.add(series);
    return summands;
  }

  /** What the snapshot sees does not change. */
  private async pendingSeries(types: readonly string[]): Promise<readonly Iterable<SeriesDelta>[]> {
    const key = types.join();
    const known = this.known.get(key);
    if (known) return known;
    const found: Iterable<SeriesDelta>[] = [];
    for await (const series of this.pending.series(this.client, this.organizationId, types))
      found.push(series);
    this.known.set(key, found);
    return found;
  }

  private async *rowsByIndex(question: AggregateQuestion): AsyncGenerator<[number, Grouped[]]> {
    const { text, values } = rollupRows(this.organizationId, question);
    const keys = new Map<string, string>();
    for await (const rows of streamPages<RollupRow>(this.client, `rollups_${cursors++}`, text, values)) {
      let list: Grouped[] = [];
      let index: number | null = null;
      for (const row of rows) {
        if (index !== null && row.index !== index) {
          yield [index, list];
          list = [];
        }
        index = row.index;
        list.push([keyOf(row.group, keys), row]);
      }
      if (index !== null) yield [index, list];
    }
  }
}

/** The key of a group that PostgreSQL wrote as JSON. */
function keyOf(group: string, keys: Map<string, string>): string {
  if (group === REST_KEY) return group;
  let key = keys.get(group);
  if (key === undefined) {
    key = groupKey(JSON.parse(group));
    keys.set(group, key);
  }
  return key;
}
