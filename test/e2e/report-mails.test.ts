import { administratorOf, bodyOf, dataOf, faultyFields } from '../support/administration.js';
import { eventually } from '../support/eventually.js';
import { claims, sign } from '../support/forged-tokens.js';
import { type Answer, expectProblem, HttpClient } from '../support/http-client.js';
import { MailServer, type ReceivedMail } from '../support/mail-server.js';
import { runJob } from '../support/run-job.js';
import { type Caller, type RunningApi, startApi } from '../support/running-api.js';

const DAY_MS = 86_400_000;
const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const JWT_SECRET = 'a secret of the tests, longer than 32 bytes';
const PUBLIC_URL = 'https://millrace.example.com';
const PATH = '/v1/report-recipients';

let server: MailServer;
let running: RunningApi;
let client: HttpClient;
let call: ReturnType<typeof administratorOf>;

beforeAll(async () => {
  server = await MailServer.start();
  const settings = { ADMIN_TOKEN, JWT_SECRET, PUBLIC_URL, SMTP_URL: server.url };
  running = await startApi({ settings });
  client = new HttpClient(running.url, running.caller.adminKey);
  call = administratorOf(client, running.caller.adminKey);
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
});
/** A fresh organization, so that tests do not see each other's recipients. */
async function organization(): Promise<Caller & { readonly call: typeof call }> {
  const caller = await running.createCaller();
  return { ...caller, call: administratorOf(client, caller.adminKey) };
}

/** Noon of a day in the last week that has ended, in UTC. */
const inLastWeek = () => new Date(Date.now() - ((new Date().getUTCDay() + 6) % 7) * DAY_MS - 3 * DAY_MS);

const view = (id: string) => ({
  ...{ id, type: 'page_view', user_id: 'ada', payload: { page: '/' }, ts: inLastWeek().toISOString() },
});

const runWeeklyReports = () => runJob(administratorOf(client, ADMIN_TOKEN), 'weekly-reports');

const mailsTo = (address: string): ReceivedMail[] => server.received.filter(({ to }) => to === address);
const mailTo = (address: string) => eventually(`${address} has mail`, () => mailsTo(address)[0]?.parsed);

/** Path of the link in a mail that unsubscribes. */
const pathIn = ({ text }: { readonly text?: string | undefined }) =>
  new RegExp(`${PUBLIC_URL}(/v1/unsubscribe/\\S+)`).exec(text!)![1]!;

const oneClick = (path: string, type = 'application/x-www-form-urlencoded') =>
  client.send({ method: 'POST', path, key: null, type }, Buffer.from('List-Unsubscribe=One-Click'));

it('is mailed to recipients once, when the job stores it', async () => {
  const { organizationId, adminKey, call } = await organization();
  expect((await call('POST', PATH, { email: 'weekly@example.com' })).status).toBe(201);
  expect((await call('POST', PATH, { email: 'monthly@example.com', kinds: ['monthly'] })).status).toBe(201);
  await client.post([view('1'), view('2')], { key: adminKey });
  await running.untilStored(organizationId, 2);
  // Who asks for the report early takes it from nobody.
  const asked = await call('POST', '/v1/reports/weekly', {}, adminKey);
  expect(dataOf(await call('GET', `/v1/reports/${bodyOf(asked).id}/mails`))).toEqual([]);
  await runWeeklyReports();
  const mail = await mailTo('weekly@example.com');
  expect(mail.subject).toMatch(/^Weekly report of Test: /);
  const { id } = bodyOf(asked);
  const row = await eventually('the mail is noted', async () => {
    const [first] = dataOf(await call('GET', `/v1/reports/${id}/mails`));
    return first?.state === 'sent' && first;
  });
  expect(row).toMatchObject({ email: 'weekly@example.com', is_test: false, attempts: 1, error: null });
  expect(mail.messageId).toBe(`<${row.message_id}>`);
  // Late events change the report, and nobody hears of it again.
  await client.post([view('3')], { key: adminKey });
  await running.untilStored(organizationId, 3);
  expect(bodyOf(await call('POST', '/v1/reports/weekly', {})).late_events).toBe(1);
  await runWeeklyReports();
  expect(dataOf(await call('GET', `/v1/reports/${id}/mails`))).toHaveLength(1);
  expect(mailsTo('monthly@example.com')).toEqual([]);
});

it('lists recipients once, whatever the case of the address', async () => {
  const { call } = await organization();
  const first = await call('POST', PATH, { email: 'Ada@Müller.de' });
  expect([first.status, bodyOf(first)]).toMatchObject([
    201,
    { email: 'Ada@xn--mller-kva.de', kinds: ['weekly'] },
  ]);
  const again = await call('POST', PATH, { email: 'ada@XN--mller-kva.DE', kinds: ['monthly'] });
  expect([again.status, bodyOf(again)]).toEqual([200, { ...bodyOf(first), kinds: ['monthly'] }]);
  expect(dataOf(await call('GET', PATH))).toEqual([bodyOf(again)]);
  expect((await call('DELETE', `${PATH}/${bodyOf(first).id}`)).status).toBe(204);
  expect(dataOf(await call('GET', PATH))).toEqual([]);
  expectProblem(await call('DELETE', `${PATH}/${bodyOf(first).id}`), 404, 'not_found');
  expectProblem(await call('DELETE', `${PATH}/x`), 404, 'not_found');
});

it('refuses what is no address, and more than 50', async () => {
  const { call } = await organization();
  for (const email of [
    'ada',
    'ada@example.com\r\nBcc: eve@example.com',
    '"a\r\nb"@example.com',
    'Ada <a@b.co>',
    7,
  ]) {
    const answer = await call('POST', PATH, { email });
    expectProblem(answer, 400, 'invalid_body');
    expect(faultyFields(answer)).toEqual(['email']);
  }
  for (const kinds of [[], ['daily'], ['weekly', 'weekly'], 'weekly', null]) {
    const answer = await call('POST', PATH, { email: 'ada@example.com', kinds });
    expect([answer.status, faultyFields(answer)]).toEqual([400, ['kinds']]);
  }
  const add = (i: number) => call('POST', PATH, { email: `person-${i}@example.com` });
  const added = await Promise.all(Array.from({ length: 55 }, (_, i) => add(i)));
  expect(added.filter(({ status }) => status === 201)).toHaveLength(50);
  const refused = added.find(({ status }) => status !== 201)!;
  expectProblem(refused, 409, 'too_many_recipients');
});

it('lets people leave with one click, and back only when they are added anew', async () => {
  const { call, organizationId, adminKey } = await organization();
  await client.post([view('1')], { key: adminKey });
  await running.untilStored(organizationId, 1);
  await call('POST', '/v1/reports/weekly', {});
  const email = 'leaving@example.com';
  const { id } = bodyOf(await call('POST', PATH, { email }));
  await call('POST', PATH, { email: 'staying@example.com' });
  expect((await call('POST', `${PATH}/${id}/test`)).status).toBe(202);
  const path = pathIn(await mailTo(email));
  const unsubscribedAt = async () =>
    dataOf(await call('GET', PATH)).map((one) => [one.email, one.unsubscribed_at !== null]);

  const page = await client.send({ path, key: null });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.text).toMatch(/<form method="post">/);
  expect(page.text).not.toMatch(/<script/);
  expect(await unsubscribedAt()).toContainEqual([email, false]);

  const answers: Answer[] = [];
  const unknown = path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const changed = path.replace(/.{4}$/, 'AAAA');
  for (const one of [unknown, changed, '/v1/unsubscribe/x', '/v1/unsubscribe/%00', path, path]) {
    answers.push(await oneClick(one));
  }
  answers.push(await oneClick(path, 'multipart/form-data; boundary=x'));
  answers.push(await client.send({ method: 'POST', path, key: null }));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]!.status).toBe(200);
  expect(await unsubscribedAt()).toEqual([
    [email, true],
    ['staying@example.com', false],
  ]);
  const [entry, ...others] = dataOf(await call('GET', '/v1/audit-log?action=report_recipient.unsubscribe'));
  expect([entry, others]).toMatchObject([{ actor: `recipient:${id}`, details: { recipient_id: id } }, []]);
  expect((await call('GET', '/v1/audit-log')).text).not.toContain('@example.com');

  expectProblem(await call('POST', PATH, { email: email.toUpperCase() }), 409, 'recipient_unsubscribed');
  expectProblem(await call('POST', `${PATH}/${id}/test`), 409, 'recipient_unsubscribed');
  expect((await call('DELETE', `${PATH}/${id}`)).status).toBe(204);
  expect((await call('POST', PATH, { email })).status).toBe(201);
  expect(await unsubscribedAt()).toContainEqual([email, false]);
  // The link in an old mail still works.
  await oneClick(path);
  expect(await unsubscribedAt()).toContainEqual([email, true]);
});

it('gives the token no other use', async () => {
  const { call, organizationId, adminKey } = await organization();
  await client.post([view('1')], { key: adminKey });
  await running.untilStored(organizationId, 1);
  await call('POST', '/v1/reports/weekly', {});
  const { id } = bodyOf(await call('POST', PATH, { email: 'token@example.com' }));
  await call('POST', `${PATH}/${id}/test`);
  const token = pathIn(await mailTo('token@example.com'))
    .split('/')
    .at(-1)!;
  for (const path of ['/v1/events', PATH, '/v1/reports']) {
    expect((await client.send({ path, key: token })).status).toBe(401);
  }
  // In another organization's name it takes nobody off any list.
  const other = await organization();
  await other.call('POST', PATH, { email: 'token@example.com' });
  const bytes = Buffer.from(token, 'base64url');
  Buffer.from(other.organizationId.replaceAll('-', ''), 'hex').copy(bytes);
  await oneClick(`/v1/unsubscribe/${bytes.toString('base64url')}`);
  expect(dataOf(await other.call('GET', PATH))).toMatchObject([{ unsubscribed_at: null }]);
});

it('tests a recipient with the newest report, at most once a minute', async () => {
  const { call, organizationId, adminKey } = await organization();
  const { id } = bodyOf(await call('POST', PATH, { email: 'test@example.com' }));
  expectProblem(await call('POST', `${PATH}/${id}/test`), 409, 'no_report');
  expectProblem(await call('POST', `${PATH}/x/test`), 404, 'not_found');
  await client.post([view('1')], { key: adminKey });
  await running.untilStored(organizationId, 1);
  const { id: report_id } = bodyOf(await call('POST', '/v1/reports/weekly', {}));
  const answers = await Promise.all([1, 2, 3].map(() => call('POST', `${PATH}/${id}/test`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 429, 429]);
  expect(bodyOf(answers.find(({ status }) => status === 202)!)).toMatchObject({
    ...{ report_id, email: 'test@example.com', is_test: true, state: 'waiting' },
  });
  await mailTo('test@example.com');
  // The report itself still comes.
  await runWeeklyReports();
  await eventually('the report has come', () => mailsTo('test@example.com').length === 2);
});

it('is for managers', async () => {
  const { organizationId, readKey, ingestKey } = await organization();
  const statuses = async (key: string) => [
    (await call('GET', PATH, undefined, key)).status,
    (await call('POST', PATH, { email: 'ada@example.com' }, key)).status,
    (await call('DELETE', `${PATH}/${organizationId}`, undefined, key)).status,
    (await call('POST', `${PATH}/${organizationId}/test`, undefined, key)).status,
    (await call('GET', `/v1/reports/${organizationId}/mails`, undefined, key)).status,
  ];
  const token = (role: string) =>
    sign(claims(organizationId, { role }), new TextEncoder().encode(JWT_SECRET), { alg: 'HS256' });
  for (const role of ['viewer', 'developer']) {
    const answers = await Promise.all(
      [PATH, `/v1/reports/${organizationId}/mails`].map(async (path) =>
        client.send({ path, key: null, headers: { authorization: `Bearer ${await token(role)}` } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  }
  const headers = { authorization: `Bearer ${await token('manager')}` };
  expect((await client.send({ path: PATH, key: null, headers })).status).toBe(200);
  expect(await statuses(readKey)).toEqual([403, 403, 403, 403, 403]);
  expect(await statuses(ingestKey)).toEqual([403, 403, 403, 403, 403]);
});

it('lets a stranger ask 60 times a minute', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 70; i++) statuses.push((await oneClick('/v1/unsubscribe/x')).status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  const refused = await oneClick('/v1/unsubscribe/x');
  expectProblem(refused, 429, 'rate_limited');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  const large = { method: 'POST', path: '/v1/unsubscribe/x', key: null, type: 'text/plain' };
  expect((await client.send(large, Buffer.alloc(300_000))).status).toBe(413);
});
