import type { ClientBase } from 'pg';
import { streamPages } from '#database';
import type { PendingDeltas, PendingSeries } from '../pending/pending-deltas.js';
import { DeltaSummands, type Grouped } from './delta-summands.js';
import { type AggregateQuestion, type AggregateSeries, groupKey, REST_KEY } from './question.js';
import { type RollupRow, rollupRows } from './rollup-rows.read-model.js';
import { SeriesSums } from './series-sums.js';
import type { SettledSumsMemory } from './settled-sums.js';

let cursors = 0;

/** Answers aggregate queries of one organization from rollups and the deltas that are not compacted yet. */
export class RollupReadModel {
  /** By type. What the snapshot sees does not change. */
  private readonly seen = new Map<string, Promise<PendingSeries | undefined>>();

  /** @param client in a snapshot of the organization, so that each delta counts once, compacted or not */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
    private readonly pending: PendingDeltas,
    private readonly memory: SettledSumsMemory,
  ) {}

  /** The answers to questions, in order. */
  async all(questions: readonly AggregateQuestion[]): Promise<AggregateSeries[][]> {
    await this.deltas(questions.flatMap(({ types }) => types));
    const answers: AggregateSeries[][] = [];
    for (const question of questions) answers.push(await this.series(question));
    return answers;
  }

  async series(question: AggregateQuestion): Promise<AggregateSeries[]> {
    const deltas = await this.deltas(question.types);
    const { byIndex } = summandsOf(question, deltas);
    const pending = new Map(deltas.map(({ type, ids }) => [type, ids]));
    const settled = this.memory.get(this.organizationId, question, pending, byIndex.keys());
    const open = settled?.open ?? new Set([...byIndex.keys(), question.bounds.length - 2]);
    const isSplit = settled !== undefined || this.memory.accepts(question, pending, open);
    const sums = settled?.sums.copy() ?? new SeriesSums(question);
    const openRows: [number, Grouped[]][] = [];
    const close = (index: number) => {
      for (const [key, summand] of byIndex.get(index) ?? []) sums.add(key, summand);
      byIndex.delete(index);
      sums.close(index);
    };
    const read = new InTurn(sums, close);
    for await (const [index, rows] of this.rowsByIndex(question, settled?.open)) {
      if (isSplit && open.has(index)) openRows.push([index, rows]);
      else if (!settled) read.add(index, rows);
    }
    read.end();
    if (isSplit && !settled) {
      this.memory.set(this.organizationId, question, { sums: sums.copy(), open, pending });
    }
    for (const [index, rows] of openRows) read.add(index, rows);
    read.end();
    for (const index of [...byIndex.keys()]) close(index);
    return sums.result();
  }

  /** The deltas of all types that were not asked for before, in one go. */
  private async deltas(types: readonly string[]): Promise<PendingSeries[]> {
    const unseen = [...new Set(types)].filter((type) => !this.seen.has(type));
    if (unseen.length > 0) {
      const found = this.pending.series(this.client, this.organizationId, unseen);
      const ofType = (type: string) => found.then((pending) => pending.find((one) => one.type === type));
      for (const type of unseen) this.seen.set(type, ofType(type));
    }
    const seen = await Promise.all(types.map((type) => this.seen.get(type)));
    return seen.filter((pending) => pending !== undefined);
  }

  /** @param only indexes of few buckets, read at once; others between them come as well. Absent: all */
  private async *rowsByIndex(
    question: AggregateQuestion,
    only?: ReadonlySet<number>,
  ): AsyncGenerator<[number, Grouped[]]> {
    const first = only ? Math.min(...only) : 0;
    const bounds = only ? question.bounds.slice(first, Math.max(...only) + 2) : question.bounds;
    const { text, values } = rollupRows(this.organizationId, { ...question, bounds });
    const keys = new Map<string, string>();
    const pages = only
      ? [(await this.client.query<RollupRow>(text, values)).rows]
      : streamPages<RollupRow>(this.client, `rollups_${cursors++}`, text, values);
    for await (const rows of pages) {
      let list: Grouped[] = [];
      let index: number | null = null;
      for (const row of rows) {
        if (index !== null && row.index !== index) {
          yield [first + index, list];
          list = [];
        }
        index = row.index;
        list.push([keyOf(row.group, keys), row]);
      }
      if (index !== null) yield [first + index, list];
    }
  }
}

/** Adds rows bucket by bucket; those of one bucket may come in several parts. */
class InTurn {
  private index: number | null = null;

  constructor(
    private readonly sums: SeriesSums,
    private readonly close: (index: number) => void,
  ) {}

  add(index: number, rows: readonly Grouped[]): void {
    if (this.index !== index) this.end();
    this.index = index;
    for (const [key, summand] of rows) this.sums.add(key, summand);
  }

  end(): void {
    if (this.index !== null) this.close(this.index);
    this.index = null;
  }
}

function summandsOf(question: AggregateQuestion, deltas: readonly PendingSeries[]): DeltaSummands {
  const summands = new DeltaSummands(question);
  for (const { series } of deltas) summands.add(series);
  return summands;
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
