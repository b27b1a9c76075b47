import { csvRecord, type Piece } from '#exports';
import type { DailyMetric, MetricPosition } from './daily-metrics.read-model.js';
import { positionOf } from './metric-position.js';

const HEADER = ['day', 'name', 'dimension', 'dimension_value', 'value'];

/**
 * The pieces of a CSV file with all metrics, page by page.
 * @param read the rows after a position; null: from the beginning
 * @param pageSize rows of each page but the last
 */
export async function* metricsCsv(
  read: (after: MetricPosition | null) => Promise<readonly DailyMetric[]>,
  pageSize: number,
): AsyncGenerator<Piece> {
  let events = 0;
  yield { bytes: Buffer.from(csvRecord(HEADER)), events, upTo: null };
  for (let after: MetricPosition | null = null; ; ) {
    const rows: readonly DailyMetric[] = await read(after);
    events += rows.length;
    yield { bytes: Buffer.from(rows.map(recordOf).join('')), events, upTo: null };
    if (rows.length < pageSize) return;
    after = positionOf(rows.at(-1)!);
  }
}

/** A metric has at most one dimension. */
function recordOf({ day, name, dimensions, value }: DailyMetric): string {
  const [dimension, of] = Object.entries(dimensions)[0] ?? [null, null];
  return csvRecord([day, name, dimension, of, value]);
}
