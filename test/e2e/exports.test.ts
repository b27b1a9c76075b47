import { get, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import * as sheets from '@e965/xlsx';
import { bodyOf } from '../support/administration.js';
import { DocumentedApi } from '../support/documented-api.js';
import { eventually } from '../support/eventually.js';
import { type Answer, bytesOf, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const MINUTE_MS = 60_000;
const EVENTS = 250;

let running: RunningApi;
let client: HttpClient;
let documented: DocumentedApi;

const now = Date.now();
const events = Array.from({ length: EVENTS }, (_, n) => ({
  id: `event-${String(n).padStart(3, '0')}`,
  ts: new Date(now - (EVENTS - n) * MINUTE_MS).toISOString(),
  type: n % 5 === 0 ? 'page_view' : 'command_execution',
  user_id: `user-${n % 7}`,
  payload: n % 5 === 0 ? { page: '/', n } : { command_name: 'plan', execution_time_ms: n, status: 'success' },
}));
const ids = events.map(({ id }) => id);

interface Download {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly bytes: Buffer;
}

function download(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Download> {
  const key = { 'x-api-key': running.caller.readKey };
  return new Promise((resolve, reject) => {
    get(`${running.url}${path}`, { headers: { ...key, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode, headers, trailers } = response;
        resolve({ status: statusCode!, headers, trailers, bytes: Buffer.concat(chunks) });
      });
    }).on('error', reject);
  });
}

beforeAll(async () => {
  running = await startApi({ settings: { RATE_LIMIT_MAX_REQUESTS: '0' } });
  client = new HttpClient(running.url, running.caller.readKey);
  documented = await DocumentedApi.of(client);
  const posted = await client.post(events, { key: running.caller.ingestKey });
  expect(posted.status).toBe(202);
  await running.untilStored(running.caller.organizationId, EVENTS);
});
afterAll(() => running?.stop());

describe('a download', () => {
  it.each([
    ['/v1/exports/events.csv', '/v1/exports/events.csv'],
    ['/v1/exports/events.json', '/v1/exports/events.json'],
    ['/v1/exports/events.ndjson', '/v1/exports/events.ndjson?columns=id'],
    ['/v1/exports/events.xlsx', '/v1/exports/events.xlsx'],
    ['/v1/exports/events.parquet', '/v1/exports/events.parquet'],
    ['/api/metrics/export/csv', '/api/metrics/export/csv'],
    ['/api/metrics/export/json', '/api/metrics/export/json'],
  ])('answers as documented on %s', async (route, path) => {
    const { status, headers, trailers } = await download(path);
    const { content } = documented.operation('get', route).responses[200]!;
    expect([status, Object.keys(content!)]).toEqual([200, [headers['content-type']!.split(';')[0]]]);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="events-[-\d]+\.\w+"$/);
    expect(trailers).toEqual({ 'x-export-events': String(EVENTS) });
  });

  it('has all events, oldest first', async () => {
    const { bytes } = await download('/v1/exports/events.json');
    const document = JSON.parse(bytes.toString());
    expect(document).toMatchObject({ complete: true, events: EVENTS });
    expect(document.data).toEqual(
      events.map((event) => ({ ...event, received_at: expect.any(String), session_id: null, src: null })),
    );
  });

  it('has the events of a filter', async () => {
    const { bytes } = await download(
      `/v1/exports/events.ndjson?type=page_view&user_id=user-3&from=${events[40]!.ts}`,
    );
    const expected = events
      .slice(40)
      .filter(({ type, user_id }) => type === 'page_view' && user_id === 'user-3');
    const lines = bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(lines).toEqual(expected.map(({ id }) => id));
  });

  it.each([
    ['gzip', true],
    ['br, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['br', false],
  ])('with Accept-Encoding: %s is compressed: %s', async (coding, isCompressed) => {
    const { headers, bytes } = await download('/v1/exports/events.csv?columns=id', {
      'accept-encoding': coding,
    });
    expect(headers['content-encoding']).toBe(isCompressed ? 'gzip' : undefined);
    const text = (isCompressed ? gunzipSync(bytes) : bytes).toString();
    expect(text).toBe(['id', ...ids, ''].join('\r\n'));
  });

  it('in the product analytics dialect is CSV or XLSX', async () => {
    const csv = await download('/api/analytics/reports/events?type=page_view');
    expect(csv.bytes.toString().split('\r\n')).toHaveLength(EVENTS / 5 + 2);
    const xlsx = await download('/api/analytics/reports/events?format=xlsx&user_id=user-1');
    const rows = sheets.utils.sheet_to_json<{ id: string }>(sheets.read(xlsx.bytes).Sheets.events!);
    expect(rows.map(({ id }) => id)).toEqual(
      events.filter(({ user_id }) => user_id === 'user-1').map(({ id }) => id),
    );
  });

  it('in the development dialect takes dates', async () => {
    const today = new Date(now).toISOString().slice(0, 10);
    const { bytes } = await download(`/api/metrics/export/csv?start_date=${today}&columns=id`);
    const expected = events.filter(({ ts }) => ts >= today).map(({ id }) => id);
    expect(bytes.toString()).toBe(['id', ...expected, ''].join('\r\n'));
  });

  it('names all faults of its parameters at once', async () => {
    const { status, bytes } = await download(
      '/v1/exports/events.csv?columns=id,nope&bom=1&type=&x=1&from=yesterday',
    );
    const { errors } = JSON.parse(bytes.toString());
    expect(status).toBe(400);
    expect(errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      'bom',
      'columns',
      'from',
      'type',
      'x',
    ]);
    expect((await download('/v1/exports/events.xlsx?bom=true')).status).toBe(400);
    expect((await download('/v1/exports/events.exe')).status).toBe(404);
  });

  it('needs the permission to export', async () => {
    const { status } = await download('/v1/exports/events.csv', { 'x-api-key': running.caller.ingestKey });
    expect(status).toBe(403);
  });

  it('is not read for HEAD', async () => {
    const response = await fetch(`${running.url}/v1/exports/events.csv`, {
      method: 'HEAD',
      headers: { 'x-api-key': running.caller.readKey },
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
  });
});

describe('an export as a job', () => {
  const call = async (status: number, route: string, path: string, body?: unknown): Promise<Answer> => {
    const [method, template] = route.split(' ') as [string, string];
    const answer = await client.send({ method, path }, body === undefined ? undefined : bytesOf(body));
    expect([answer.text, answer.status]).toEqual([answer.text, status]);
    documented.expectDocumented(method, template, answer);
    return answer;
  };
  const request = async (body: object) => {
    const answer = bodyOf(await call(202, 'POST /v1/exports', '/v1/exports', body));
    expect(answer).toMatchObject({ status: 'queued', progress: 0, file: null });
    return answer.id as string;
  };
  const untilDone = (id: string) =>
    eventually('the export is done', async () => {
      const answer = bodyOf(await call(200, 'GET /v1/exports/{id}', `/v1/exports/${id}`));
      return answer.status === 'done' ? answer : undefined;
    });

  it.each(['csv', 'json', 'ndjson'])('gives the same file as a download, in %s', async (format) => {
    const id = await request({ format, filter: { type: 'page_view' }, columns: ['id', 'payload.n'] });
    const answer = await untilDone(id);
    const file = await download(answer.file as string);
    expect(file.bytes).toEqual(
      (await download(`/v1/exports/events.${format}?type=page_view&columns=id,payload.n`)).bytes,
    );
    expect(answer).toMatchObject({ progress: 1, events: EVENTS / 5, bytes: file.bytes.length });
    expect(file.headers['content-length']).toBe(String(file.bytes.length));
    expect(Date.parse(answer.expires_at as string) - Date.parse(answer.finished_at as string)).toBe(
      86_400_000,
    );
    await call(204, 'DELETE /v1/exports/{id}', `/v1/exports/${id}`);
    await call(404, 'GET /v1/exports/{id}', `/v1/exports/${id}`);
  });

  it('names the faults of its body, and what cannot be downloaded', async () => {
    const faulty = { format: 'doc', filter: { type: '', from: 'x', more: 1 }, columns: ['nope'], bom: 'yes' };
    const { body } = await call(400, 'POST /v1/exports', '/v1/exports', faulty);
    const paths = [...new Set(body.errors!.map(({ path }) => path))].sort();
    expect(paths).toEqual(['bom', 'columns', 'filter.from', 'filter.more', 'filter.type', 'format']);
    expect((await download('/v1/exports/nope/file')).status).toBe(404);
    const { organizationId } = running.caller;
    const id = await request({ format: 'csv' });
    await untilDone(id);
    const set = (change: string) =>
      running.database.query(`UPDATE exports SET ${change} WHERE organization_id = $1 AND id = $2`, [
        organizationId,
        id,
      ]);
    await set(`status = 'running'`);
    await call(409, 'GET /v1/exports/{id}/file', `/v1/exports/${id}/file`);
    await set(`status = 'done', expires_at = now()`);
    await call(410, 'GET /v1/exports/{id}/file', `/v1/exports/${id}/file`);
    expect(bodyOf(await call(200, 'GET /v1/exports', '/v1/exports')).data).toHaveLength(1);
    await call(204, 'DELETE /v1/exports/{id}', `/v1/exports/${id}`);
  });

  it('is limited to ten of an organization, and hidden from others', async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, () => request({ format: 'csv', filter: { user_id: 'x' } })),
    );
    await call(409, 'POST /v1/exports', '/v1/exports', { format: 'csv' });
    const outsider = await running.createCaller();
    const others = await client.send({ path: `/v1/exports/${made[0]}`, key: outsider.readKey });
    expect(others.status).toBe(404);
    expect(bodyOf(await client.send({ path: '/v1/exports', key: outsider.readKey })).data).toEqual([]);
    for (const id of made) await call(204, 'DELETE /v1/exports/{id}', `/v1/exports/${id}`);
  });

  it('loses its file when a person is erased', async () => {
    const id = await request({ format: 'csv' });
    await untilDone(id);
    const erased = await client.send({
      method: 'DELETE',
      path: '/v1/users/user-6',
      key: running.caller.adminKey,
    });
    expect(erased.status).toBe(200);
    const answer = bodyOf(await call(200, 'GET /v1/exports/{id}', `/v1/exports/${id}`));
    expect(answer).toMatchObject({ status: 'failed', file: null });
    await call(409, 'GET /v1/exports/{id}/file', `/v1/exports/${id}/file`);
  });
});
