import { get } from 'node:http';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { today } from '../closed.js';
import type { BenchDatabase } from '../database.js';
import { residentMb } from '../processes.js';
import type { Figures } from '../report.js';

const DAY_MS = 86_400_000;
/** Today and fifteen days of the largest organization: five million events. */
const PAST_DAYS = 15;
const LOOK_EVERY_MS = 50;
const FORMATS = ['csv', 'parquet', 'xlsx', 'ndjson', 'json'] as const;

interface Download {
  /** As the trailer says. */
  readonly events: number;
  readonly seconds: number;
  /** Resident MiB of the API: the most during the download, less what it was before. */
  readonly growth: number;
}

/** Times exports of every format, one after the other, and `COPY` of the same events. */
export class Exports {
  private readonly from = new Date(today() - PAST_DAYS * DAY_MS);
  private readonly to = new Date(today() + DAY_MS);

  /** @param apiPid of an API that has answered questions: the first ones let V8's young generation grow */
  constructor(
    private readonly database: BenchDatabase,
    private readonly port: number,
    private readonly apiPid: number,
  ) {}

  /** @param say is told each figure as soon as it is known */
  async all(say: (text: string) => void): Promise<Figures> {
    const copied = await this.copyOut();
    const figures: Figures = { export_rss_growth_mb: 0, copy_out_rows_per_s: copied.events / copied.seconds };
    for (const format of FORMATS) {
      const { events, seconds, growth } = await this.download(format);
      if (events !== copied.events)
        throw new Error(`${events} events in ${format}, but ${copied.events} by COPY`);
      figures[`${format}_rows_per_s`] = events / seconds;
      figures.export_rss_growth_mb = Math.max(figures.export_rss_growth_mb!, growth);
      say(
        `${format}: ${events} events, ${Math.round(events / seconds)} a second, the API grew by ${Math.round(growth)} MB`,
      );
    }
    return figures;
  }

  private async copyOut(): Promise<Omit<Download, 'growth'>> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    const start = performance.now();
    const stream = client.query(
      copyTo(`
        COPY (
          SELECT id, ts, received_at, type, user_id, session_id, src, payload
          FROM events_between('${this.database.organizationIds[0]}', '${this.from.toISOString()}', '${this.to.toISOString()}')
        ) TO STDOUT`),
    );
    for await (const _ of stream);
    const seconds = (performance.now() - start) / 1000;
    await client.end();
    return { events: stream.rowCount, seconds };
  }

  private async download(format: string): Promise<Download> {
    const before = residentMb(this.apiPid);
    let most = before;
    const look = setInterval(() => {
      most = Math.max(most, residentMb(this.apiPid));
    }, LOOK_EVERY_MS);
    const start = performance.now();
    const events = await this.eventsOf(format);
    clearInterval(look);
    return { events, seconds: (performance.now() - start) / 1000, growth: most - before };
  }

  /** Downloads a file. @returns how many events it has */
  private eventsOf(format: string): Promise<number> {
    const path = `/v1/exports/events.${format}?from=${this.from.toISOString()}&to=${this.to.toISOString()}`;
    const headers = { 'x-api-key': this.database.apiKeys[0]! };
    return new Promise((resolve, reject) => {
      get({ port: this.port, path, headers }, (response) => {
        response.once('end', () => resolve(Number(response.trailers['x-export-events'])));
        response.once('error', reject);
        response.resume();
      }).once('error', reject);
    });
  }
}
