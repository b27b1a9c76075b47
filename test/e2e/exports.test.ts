import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import * as sheets from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import { type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;

const start = Date.UTC(2026, 10, 20);
const events = Array.from({ length: 250 }, (_, n) => ({
  id: `event-${String(n).padStart(3, '0')}`,
  ts: new Date(Date.now() - (250 - n) * 60_000).toISOString(),
  type: n % 5 === 0 ? 'page_view' : 'command_execution',
  user_id: `user-${n % 7}`,
  payload:
    n % 5 === 0
      ? { page: n % 2 ? '=cmd()' : 'a "quoted", text\nof two lines', duration_ms: n }
      : { command_name: '+plan', execution_time_ms: n, status: 'success', delta: -5 },
}));

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

const download = (path: string, headers: Record<string, string> = {}) =>
  new Promise<Received>((resolve, reject) => {
    get(
      `${running.url}${path}`,
      { headers: { 'x-api-key': running.caller.readKey, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode, headers, trailers } = response;
          resolve({
            status: statusCode!,
            headers,
            trailers: trailers as never,
            bytes: Buffer.concat(chunks),
          });
        });
      },
    ).on('error', reject);
  });

beforeAll(async () => {
  running = await startApi();
  const { ingestKey, organizationId } = running.caller;
  const headers = { 'x-api-key': ingestKey, 'content-type': 'application/json' };
  await fetch(`${running.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(events) });
  await running.untilStored(organizationId, events.length);
});
afterAll(() => running?.stop());

it('exports CSV', async () => {
  const { bytes, trailers, headers, status } = await download('/v1/exports/events.csv');
  console.log(status, headers, trailers, bytes.toString().slice(0, 2000));
  const records = parse(bytes, { columns: true }) as Record<string, string>[];
  expect(records.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  const spread = await download(
    '/v1/exports/events.csv?columns=payload.page,payload.delta&bom=true&end_line=true',
    { 'accept-encoding': 'gzip' },
  );
  console.log(spread.headers, gunzipSync(spread.bytes).toString().slice(0, 800));
  console.log((await download('/v1/exports/events.csv?columns=nope&bom=1&x=1')).bytes.toString());
});
it('exports JSON', async () => {
  const { bytes } = await download('/v1/exports/events.json');
  const value = JSON.parse(bytes.toString());
  expect(value.events).toBe(250);
  expect(value.data.map(({ id }: { id: string }) => id)).toEqual(events.map(({ id }) => id));
  console.log(value.data[0]);
  const lines = (await download('/v1/exports/events.ndjson?columns=id,payload.page&end_line=true')).bytes
    .toString()
    .trim()
    .split('\n');
  console.log(lines.at(0), lines.at(-1));
});
it('exports XLSX', async () => {
  const { bytes } = await download(
    '/v1/exports/events.xlsx?columns=id,ts,type,payload.page,payload.delta,payload',
  );
  writeFileSync('/tmp/wt/exports/out.xlsx', bytes);
  const book = sheets.read(bytes);
  console.log(book.SheetNames, sheets.utils.sheet_to_json(book.Sheets.events!).slice(0, 3));
});
it('exports Parquet', async () => {
  const { bytes } = await download('/v1/exports/events.parquet');
  writeFileSync('/tmp/wt/exports/out.parquet', bytes);
  const db = await (await DuckDBInstance.create()).connect();
  const reader = await db.runAndReadAll("SELECT * FROM '/tmp/wt/exports/out.parquet' LIMIT 2");
  console.log(reader.getRowObjectsJson());
  const sums = await db.runAndReadAll(
    "SELECT count(*) n, sum(CAST(payload->>'execution_time_ms' AS INT)) s, min(ts) FROM '/tmp/wt/exports/out.parquet'",
  );
  console.log(sums.getRowObjectsJson(), start);
});
