import pg from 'pg';
import { createBenchDatabase } from '../database.js';
import { type Stage, startApi } from '../end-to-end.js';
import type { BenchServers } from '../main.js';
import { stopProcess } from '../processes.js';
import { type Figures, renderTable, writeFigures } from '../report.js';
import { Exports } from './exports.js';
import { fillForQueries } from './fill.js';
import { QUERY_LINES } from './lines.js';
import { measureMixed } from './mixed.js';
import { otherQuestions } from './other-questions.js';
import { PeopleQuestions } from './people-questions.js';
import { Questions } from './questions.js';

/** 20 million events over 30 days, a quarter of them today. */
const VOLUME = { days: 30, pastEvents: 15_000_000, eventsToday: 5_000_000 };

/** Fills a database, asks the questions of the read side, and writes the figures. */
export async function runQueriesBench({ postgresUrl, ...servers }: BenchServers): Promise<void> {
  const stage: Stage = { database: await createBenchDatabase(postgresUrl, 'bench_queries'), ...servers };
  await fillForQueries(stage, VOLUME, say);
  say('filled');
  const sql = new pg.Client({ connectionString: stage.database.url });
  await sql.connect();
  const api = await startApi(stage, stage.ports[0]!);
  const figures: Figures = {
    ...(await new Questions(stage.database, sql, stage.ports[0]!).all(say)),
    ...(await new PeopleQuestions(stage.database, sql, stage.ports[0]!).all()),
    ...(await otherQuestions(stage.database, stage.ports[0]!, say)),
    ...(await new Exports(stage.database, stage.ports[0]!, api.pid!).all(say)),
  };
  await stopProcess(api);
  await sql.end();
  Object.assign(figures, await measureMixed(stage));
  writeFigures(servers.output, figures);
  console.log(`\n${renderTable(figures, QUERY_LINES)}`);
}

const say = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
