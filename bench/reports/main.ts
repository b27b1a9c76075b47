import pg from 'pg';
import type { StoredReport } from '#reports';
import { today } from '../closed.js';
import { createBenchDatabase } from '../database.js';
import { type Stage, startApi, startPipeline, stopPipeline } from '../end-to-end.js';
import { vacuum } from '../growth.js';
import type { BenchServers } from '../main.js';
import { cpuSeconds, residentMb, stopProcess } from '../processes.js';
import { analyze, compact, sendEvents } from '../queries/fill.js';
import { Asker, timed } from '../queries/timed.js';
import { type Figures, renderTable, writeFigures } from '../report.js';
import { assertReport } from './assert-report.js';
import { REPORT_LINES } from './lines.js';

const DAY_MS = 86_400_000;
const WEEK_SECONDS = 7 * 86_400;
/** All but a few are of the first organization. */
const CROWD = { exponent: 12 };
/** Two in a hundred are repeated, and count once. */
const IN_WEEK = 5_400_000;
const IN_WEEK_BEFORE = 500_000;
const LOOK_EVERY_MS = 20;
const TIMES = 5;

/** Fills a week with five million events of one organization, and times its report and the files of it. */
export async function runReportsBench({ postgresUrl, ...servers }: BenchServers): Promise<void> {
  const stage: Stage = { database: await createBenchDatabase(postgresUrl, 'bench_reports'), ...servers };
  await fill(stage);
  const figures = await measure(stage);
  writeFigures(servers.output, figures);
  console.log(`\n${renderTable(figures, REPORT_LINES)}`);
}

/** The last week that has ended, and the one before, in UTC. */
async function fill(stage: Stage): Promise<void> {
  const weekday = (new Date(today()).getUTCDay() + 6) % 7;
  const monday = today() - (weekday + 7) * DAY_MS;
  const week = { spreadSeconds: WEEK_SECONDS, crowd: CROWD };
  const pipeline = await startPipeline(stage);
  await sendEvents(stage, { ...week, events: IN_WEEK_BEFORE, from: monday - WEEK_SECONDS * 1000 }, say);
  await sendEvents(stage, { ...week, events: IN_WEEK, from: monday }, say);
  await stopPipeline(pipeline);
  await compact(stage.database.url);
  await vacuum(stage.database.url);
  await analyze(stage.database.url);
  say('filled');
}

async function measure(stage: Stage): Promise<Figures> {
  const api = await startApi(stage, stage.ports[0]!);
  const pid = api.pid!;
  const asker = new Asker(stage.ports[0]!, stage.database.apiKeys[0]!);
  const cpu = () => [cpuSeconds(pid), cpuSeconds(stage.postgresPid)] as const;
  const [memory, before, start] = [watchMemory(pid), cpu(), performance.now()];
  const report = await asker.get<StoredReport>('/v1/reports/weekly', {});
  const [seconds, after] = [(performance.now() - start) / 1000, cpu()];
  say(
    `${report.totals.events} events of ${report.totals.active_users} users, ${report.totals.sessions} sessions`,
  );
  const figures: Figures = {
    report_seconds: seconds,
    report_api_cpu_seconds: after[0] - before[0],
    report_postgres_cpu_seconds: after[1] - before[1],
    report_rss_mb: memory.most(),
    ...(await files(asker, report.id)),
    files_rss_mb: memory.most(),
  };
  memory.end();
  await stopProcess(api);
  const owner = new pg.Client({ connectionString: stage.database.url });
  await owner.connect();
  await assertReport(owner, stage.database.organizationIds[0]!, report);
  await owner.end();
  say('all figures are those of the raw events');
  return figures;
}

async function files(asker: Asker, id: string): Promise<Figures> {
  const milliseconds = async (format: string) =>
    (await timed(() => asker.file(`/v1/reports/${id}.${format}`), TIMES)).median;
  const start = performance.now();
  await asker.file(`/v1/reports/${id}.html`);
  return {
    first_html_ms: performance.now() - start,
    html_ms: await milliseconds('html'),
    csv_ms: await milliseconds('csv'),
    xlsx_ms: await milliseconds('xlsx'),
  };
}

/** Watches how much memory a process has. */
function watchMemory(pid: number): { most(): number; end(): void } {
  let most = residentMb(pid);
  const look = setInterval(() => {
    most = Math.max(most, residentMb(pid));
  }, LOOK_EVERY_MS);
  return { most: () => most, end: () => clearInterval(look) };
}

const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
