import { bodyOf } from '../support/administration.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';
import { fullReport } from '../support/sample-reports.js';

const REPORT = { ...fullReport('weekly', 3), users: [] };
const NAME = '<script>alert(1)</script>';

let running: RunningApi;
let client: HttpClient;
let path: string;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.adminKey);
  const user = { ...fullReport('weekly', 1).users[0]!, user_id: NAME, name: '=1+1' };
  const { rows } = await running.database.query<{ id: string }>(
    `INSERT INTO reports (organization_id, kind, period_start, content) VALUES ($1, $2, $3, $4) RETURNING id`,
    [running.caller.organizationId, REPORT.kind, REPORT.period.start, { ...REPORT, users: [user] }],
  );
  path = `/v1/reports/${rows[0]!.id}`;
});
afterAll(() => running?.stop());

const get = (suffix: string, headers: Record<string, string> = {}) =>
  client.send({ path: `${path}${suffix}`, headers });

it.each([
  ['.json', 'application/json; charset=utf-8', 'inline; filename="weekly-report-2026-11-16.json"'],
  ['.html', 'text/html; charset=utf-8', 'inline; filename="weekly-report-2026-11-16.html"'],
  [
    '.csv',
    'text/csv; charset=utf-8; header=present',
    'attachment; filename="weekly-report-2026-11-16-users.csv"',
  ],
  [
    '.csv?table=days',
    'text/csv; charset=utf-8; header=present',
    'attachment; filename="weekly-report-2026-11-16-days.csv"',
  ],
  [
    '.xlsx',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'attachment; filename="weekly-report-2026-11-16.xlsx"',
  ],
])('%s has a name and a media type, and is sent once', async (suffix, mediaType, disposition) => {
  const { status, headers, text } = await get(suffix);
  expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([
    ...[200, mediaType, disposition],
  ]);
  expect(text.length).toBeGreaterThan(100);
  expect(headers.get('cache-control')).toBe('private, no-cache');
  const again = await get(suffix, { 'if-none-match': headers.get('etag')! });
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', headers.get('etag')]);
});

it('as a page runs nothing and loads nothing', async () => {
  const { headers, text } = await get('.html');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(text).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
  expect(text).not.toContain(NAME);
});

it('as CSV has one table, the users by default', async () => {
  expect((await get('.csv')).text.split('\r\n')[0]).toBe(
    'user_id,name,sessions,talked_seconds,last_session_at',
  );
  expect((await get('.csv')).text).toContain(",'=1+1,");
  const refused = await get('.csv?table=all');
  expectProblem(refused, 400, 'invalid_query');
  expect((bodyOf(refused).errors as { path: string }[])[0]!.path).toBe('table');
});

it.each(['json', 'html', 'xlsx'])('as %s has no parameters', async (format) => {
  expectProblem(await get(`.${format}?table=days`), 400, 'invalid_query');
});

it.each(['json', 'html', 'csv', 'xlsx'])('as %s is only for those who may read', async (format) => {
  const stranger = await running.createCaller();
  const as = (key: string | null) => client.send({ path: `${path}.${format}`, key });
  expectProblem(await as(stranger.adminKey), 404, 'not_found');
  expectProblem(await as(running.caller.ingestKey), 403, 'forbidden');
  expectProblem(await as(null), 401, 'unauthorized');
  expectProblem(await client.send({ path: `/v1/reports/x.${format}` }), 404, 'not_found');
  expectProblem(await client.send({ path: `${path}.pdf` }), 404, 'not_found');
});
