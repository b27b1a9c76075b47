import type { ClientBase } from 'pg';
import type { SeriesDelta } from '../delta/delta.js';
import { bucketStart, WINDOW_SECONDS } from '../delta/windows.js';
import { Measurement } from '../measurement/measurement.js';
import { Sketch } from '../measurement/sketch.js';
import { type AggregateQuestion, type AggregateSeries, type Contribution, Groups } from './aggregate.js';

/** One statement, so one snapshot: each delta is counted once, whether or not it is compacted meanwhile. */
const ROLLUPS_AND_DELTAS = `
  SELECT extract(epoch FROM bucket)::float8 * 1000 AS bucket, dimensions, count, sum, min, max, sketch,
         NULL::json AS series
  FROM rollups
  WHERE organization_id = $1 AND type = $2 AND measure = $3 AND window_seconds = $4
    AND bucket >= to_timestamp($5::float8 / 1000) AND bucket < to_timestamp($6::float8 / 1000)
    AND dimensions @> $7::jsonb
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, series
  FROM rollup_deltas
  WHERE organization_id = $1 AND type = $2`;

/** Contributions merged, in a few milliseconds, before other requests get a turn on the event loop. */
const TURN = 1000;
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Row {
  bucket: number;
  dimensions: Record<string, string>;
  count: string;
  sum: number | null;
  min: number | null;
  max: number | null;
  sketch: Buffer | null;
  series: SeriesDelta[] | null;
}

/** Answers aggregate queries of one organization from rollups and the deltas that are not compacted yet. */
export class RollupReadModel {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  async aggregate(question: AggregateQuestion): Promise<AggregateSeries[]> {
    const windowSeconds = WINDOW_SECONDS[question.window];
    const { rows } = await this.client.query<Row>(ROLLUPS_AND_DELTAS, [
      this.organizationId,
      question.type,
      question.measure ?? '',
      windowSeconds,
      question.from,
      question.to,
      JSON.stringify(question.where),
    ]);
    const groups = new Groups(question.groupBy);
    let turn = TURN;
    for (const contribution of contributions(rows, question, windowSeconds)) {
      groups.add(contribution);
      if (--turn > 0) continue;
      turn = TURN;
      await nextTurn();
    }
    return groups.series();
  }
}

function* contributions(
  rows: readonly Row[],
  question: AggregateQuestion,
  windowSeconds: number,
): Iterable<Contribution> {
  for (const row of rows) {
    if (row.series) {
      for (const delta of row.series) {
        const contribution = fromDelta(delta, question, windowSeconds);
        if (contribution) yield contribution;
      }
    } else {
      const count = Number(row.count);
      const { bucket, dimensions } = row;
      yield question.measure === undefined
        ? { bucket, dimensions, count }
        : { bucket, dimensions, count, measurement: measurementOf(row, count) };
    }
  }
}

const measurementOf = (row: Row, count: number) =>
  new Measurement(count, row.sum!, row.min!, row.max!, Sketch.decode(row.sketch!));

function fromDelta(
  delta: SeriesDelta,
  question: AggregateQuestion,
  windowSeconds: number,
): Contribution | null {
  const bucket = bucketStart(delta.t, windowSeconds) * 1000;
  if (bucket < question.from || bucket >= question.to) return null;
  for (const [name, value] of Object.entries(question.where)) {
    if (delta.d[name] !== value) return null;
  }
  if (question.measure === undefined) return { bucket, dimensions: delta.d, count: delta.c };
  const json = delta.m[question.measure];
  if (!json) return null;
  const measurement = Measurement.fromJSON(json);
  return { bucket, dimensions: delta.d, count: measurement.count, measurement };
}
