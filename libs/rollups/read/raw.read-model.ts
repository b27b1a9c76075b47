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
    const { text, values } = rawRows(this.organizationId, question);
    const { rows } = await this.client.query<RawRow>(text, values);
    const sums = new SeriesSums(question);
    rows.forEach(({ index, group, bins, ...figures }, i) => {
      const key = group === REST_KEY ? group : groupKey(JSON.parse(group));
      sums.add(key, { ...figures, sketch: bins && sketchOf(bins) });
      if (rows[i + 1]?.index !== index) sums.close(index);
    });
    return sums.result();
  }
}

function sketchOf(bins: NonNullable<RawRow['bins']>): SketchJson {
  const ofSign = (wanted: number) => bins.filter(([sign]) => sign === wanted);
  const flat = (wanted: number) => ofSign(wanted).flatMap(([, bin, count]) => [bin, count]);
  return [ofSign(0).reduce((zeros, [, , count]) => zeros + count, 0), flat(1), flat(-1)];
}
