import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { bodyOf } from '../support/administration.js';
import type { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { bytesOf, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const EVENTS = 200_000;
const EVENTS_OF = (organizationId: string) => `
  INSERT INTO event_rows (organization_id, ts, received_at, id, type, user_id, payload)
  SELECT '${organizationId}', date_trunc('day', now(), 'UTC') + n * interval '1 ms', now(), 'event-' || n, 'page_view', 'user',
         json_build_object('page', '/' || md5(n::text), 'n', n)
  FROM generate_series(1, ${EVENTS}) AS n`;

let running: RunningApi;
let client: HttpClient;
let worker: BuiltProcess;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.readKey);
  await running.database.query(EVENTS_OF(running.caller.organizationId));
  await running.database.query('ANALYZE event_rows');
  worker = await running.startWorker();
});
afterAll(() => running?.stop());

/** Reads a download to its end; rejects when it breaks. */
function download(path: string): Promise<{ bytes: Buffer; events: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(`${running.url}${path}`, { headers: { 'x-api-key': running.caller.readKey } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const events = response.trailers['x-export-events'];
        resolve({ bytes: Buffer.concat(chunks), events: events as string | undefined });
      });
    }).on('error', reject);
  });
}

/** A client that asks for an export and reads nothing of it. */
function idleReader(path: string): Socket {
  const socket = connect(running.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${running.caller.readKey}\r\n\r\n`);
  return socket;
}

/** The API's connections that hold a transaction or a snapshot. */
async function transactions(): Promise<number> {
  const { rows } = await running.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'millrace_api'
       AND (xact_start IS NOT NULL OR backend_xmin IS NOT NULL)`,
  );
  return rows[0]!.n;
}

describe('a large export', () => {
  it('holds no snapshot while its client does not read, and ends when the client leaves', async () => {
    const readers = ['csv', 'xlsx', 'json'].map((format) => idleReader(`/v1/exports/events.${format}`));
    await Promise.all(
      readers.map(async (reader) => {
        await once(reader, 'data');
        reader.pause();
      }),
    );
    await eventually('no transaction is left', async () => (await transactions()) === 0);
    // An organization has three exports at a time.
    const waiting = client.send({ path: '/v1/exports/events.csv?user_id=nobody' });
    for (const reader of readers) reader.destroy();
    expect((await waiting).status).toBe(200);
  });

  it.each(['csv', 'ndjson', 'json', 'xlsx'])('that breaks off does not look whole, in %s', async (format) => {
    const reader = idleReader(`/v1/exports/events.${format}`);
    const received: Buffer[] = [(await once(reader, 'data'))[0]];
    reader.pause();
    await eventually('it waits for its client', async () => (await transactions()) === 0);
    await running.database.query('REVOKE SELECT ON event_rows FROM millrace_api');
    reader.on('data', (chunk) => received.push(chunk));
    await new Promise((resolve) => reader.on('close', resolve).resume());
    await running.database.query('GRANT SELECT ON event_rows TO millrace_api');
    const text = Buffer.concat(received).toString('latin1');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.endsWith('0\r\n\r\n')).toBe(false);
    expect(text).not.toMatch(/\r\n0\r\n(x-export-events: .*)?/i);
  });

  it('as a job goes on where a killed worker stopped', async () => {
    const asked = await client.send({ method: 'POST', path: '/v1/exports' }, bytesOf({ format: 'csv' }));
    const { id } = bodyOf(asked) as { id: string };
    const state = async () => bodyOf(await client.send({ path: `/v1/exports/${id}` }));
    await eventually('a part is written', async () => ((await state()).bytes as number) > 0, 20_000, 5);
    await worker.end('SIGKILL');
    expect(await state()).toMatchObject({ status: 'running' });
    const parts = async () => {
      const { rows } = await running.database.query(
        'SELECT part, md5(bytes) AS sum FROM export_parts ORDER BY part',
      );
      return rows;
    };
    const before = await parts();
    worker = await running.startWorker();
    const done = await eventually('it is done', async () => {
      const answer = await state();
      return answer.status === 'done' && answer;
    });
    expect(done.events).toBe(EVENTS);
    expect((await parts()).slice(0, before.length)).toEqual(before);
    const { bytes } = await download(done.file as string);
    const streamed = await download('/v1/exports/events.csv');
    expect(streamed.events).toBe(String(EVENTS));
    expect(bytes.equals(streamed.bytes)).toBe(true);
  });
});
