import type { ClientBase } from 'pg';
import type { SketchJson } from '../measurement/sketch.js';
import { type AggregateQuestion, type AggregateSeries, groupKey, REST_KEY } from './question.js';
import { type RawRow, rawRows } from './raw-rows.read-model.js';
import { SeriesSums } from './series-sums.js';

/** Answers queries about users, which rollups cannot, from the events of one organization. */
export class RawReadModel {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  async series(question: AggregateQuestion): Promise<AggregateSeries[]> {
    return (await this.all([question]))[0]!;
  }

  /** The answers to questions about the same users, in order. */
  async all(questions: readonly AggregateQuestion[]): Promise<AggregateSeries[][]> {
    const { text, values } = rawRows(this.organizationId, questions);
    const { rows } = await this.client.query<RawRow>(text, values);
    const answers = questions.map((question) => new SeriesSums(question));
    rows.forEach(({ part, index, group, bins, ...figures }, i) => {
      const sums = answers[part]!;
      const key = group === REST_KEY ? group : groupKey(JSON.parse(group));
      sums.add(key, { ...figures, sketch: bins && sketchOf(bins) });
      const next = rows[i + 1];
      if (next?.part !== part || next.index !== index) sums.close(index);
    });
    return answers.map((sums) => sums.result());
  }
}

function sketchOf(bins: NonNullable<RawRow['bins']>): SketchJson {
  const ofSign = (wanted: number) => bins.filter(([sign]) => sign === wanted);
  const flat = (wanted: number) => ofSign(wanted).flatMap(([, bin, count]) => [bin, count]);
  return [ofSign(0).reduce((zeros, [, , count]) => zeros + count, 0), flat(1), flat(-1)];
}
