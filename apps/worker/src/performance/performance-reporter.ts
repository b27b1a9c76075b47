import type { ClientBase } from 'pg';
import { comparedWith, diskFigures, findingsOf, type PerformanceReport } from '#performance';
import { growthSince, indexFigures, ratio, routeFigures, tableFigures } from './figures.js';
import { PerformanceReportsStore } from './performance-reports.store.js';
import { diskSpace } from './reads/disk-space.js';
import { QueryHoursReadModel } from './reads/query-hours.read-model.js';
import { RelationsReadModel, type TableCounts } from './reads/relations.read-model.js';
import { slowStatements } from './reads/statements.read-model.js';

const HOUR_MS = 3_600_000;
/** Queries, and statements, that a report has by all of their time and by their average. */
const SLOWEST = 15;

/** Computes performance reports. */
export class PerformanceReporter {
  /** @param diskPath on the disk of the database; absent: what is free is not known */
  constructor(private readonly diskPath: string | undefined) {}

  /**
   * Computes and stores a report.
   * @param client in a transaction
   * @param now milliseconds since the epoch
   */
  async report(client: ClientBase, now: number): Promise<PerformanceReport> {
    const store = new PerformanceReportsStore(client);
    const earlier = comparedWith(await store.instants(), now);
    const before = earlier === null ? null : await store.at(earlier);
    const growth = growthSince(earlier === null ? null : now - earlier);
    const relations = new RelationsReadModel(client);
    const database_bytes = await relations.databaseSize();
    const growth_bytes_per_day = growth(database_bytes, before?.database_bytes);
    const tables = await relations.tables();
    // The hour that runs, and the 24 before.
    const hours = new QueryHoursReadModel(client, Math.floor(now / HOUR_MS - 24) * HOUR_MS);
    const figures = {
      computed_at: new Date(now).toISOString(),
      compared_with: before?.computed_at ?? null,
      ...{ database_bytes, growth_bytes_per_day },
      disk: diskFigures(await diskSpace(this.diskPath), growth_bytes_per_day),
      cache: { ...blockRatios(tables), answer_hit_ratio: await answerRatio(hours) },
      queries: routeFigures(await hours.routes(), SLOWEST),
      statements: await slowStatements(client, SLOWEST),
      tables: tableFigures(tables, before?.tables ?? [], growth),
      indexes: indexFigures(await relations.indexes(), before?.indexes ?? [], growth),
    };
    const report = { ...figures, findings: findingsOf(figures) };
    await store.add(report);
    return report;
  }
}

function blockRatios(tables: readonly TableCounts[]) {
  const sum = (name: 'hits' | 'reads' | 'index_hits' | 'index_reads') =>
    tables.reduce((total, table) => total + table[name], 0);
  const [hits, indexHits] = [sum('hits'), sum('index_hits')];
  return {
    table_hit_ratio: ratio(hits, hits + sum('reads')),
    index_hit_ratio: ratio(indexHits, indexHits + sum('index_reads')),
  };
}

async function answerRatio(hours: QueryHoursReadModel): Promise<number | null> {
  const { hits, misses } = await hours.answers();
  return ratio(hits, hits + misses);
}
