import { createHmac } from 'node:crypto';
import { administratorOf, bodyOf, dataOf, faultyFields } from '../support/administration.js';
import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { claims, sign } from '../support/forged-tokens.js';
import { expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';
import { WebReceiver } from '../support/web-receiver.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const JWT_SECRET = 'a secret of the tests, longer than 32 bytes';
const CHANNELS = '/v1/notification-channels';
const RULES = '/v1/alert-rules';

const manyViews = {
  ...{ name: 'Many views', kind: 'threshold', type: 'page_view', where: { page: '/' } },
  ...{ window: '1h', comparison: '>', threshold: 2, repeat_seconds: null },
};

describe.each(['redis', 'postgres'] as const)('alerts, on %s', (queue) => {
  let running: RunningApi;
  let receiver: WebReceiver;
  let client: HttpClient;
  let administer: ReturnType<typeof administratorOf>;
  let secret: string;

  beforeAll(async () => {
    receiver = await WebReceiver.start();
    running = await startApi({
      ...{ queue, workers: 2 },
      settings: {
        ...{ ADMIN_TOKEN, JWT_SECRET, ALERT_INTERVAL: '1', HEALTH_CHECK_INTERVAL: '1' },
        WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
      },
    });
    client = new HttpClient(running.url, running.caller.adminKey);
    administer = administratorOf(client, running.caller.adminKey);
  });
  afterAll(async () => {
    await running?.stop();
    await receiver?.stop();
  });

  const operate = (method: string, path: string, body?: unknown) =>
    administer(method, path, body, ADMIN_TOKEN);
  const hook = (name: string, target = `${receiver.url}/${name}`) => ({ name, kind: 'webhook', target });
  /** What came to a path. */
  const received = (path: string) =>
    receiver.requests.filter((one) => one.path === path).map(({ body }) => JSON.parse(body));

  it('show the secret of a channel once', async () => {
    const drafts = [hook('ops'), { name: 'lead', kind: 'mail', target: 'lead@example.com' }];
    const created = dataOf(await administer('PUT', CHANNELS, { channels: drafts }));
    expect(created).toMatchObject([
      { name: 'lead', kind: 'mail', target: 'lead@example.com' },
      {
        name: 'ops',
        kind: 'webhook',
        target: `${receiver.url}/…`,
        secret: expect.stringMatching(/^[\w-]{43}$/),
      },
    ]);
    expect(created[0]).not.toHaveProperty('secret');
    secret = created[1]!.secret as string;
    const listed = await administer('GET', CHANNELS);
    expect(listed.text).not.toMatch(/secret|\/ops/);
    // Kept without its target, and given a new secret on request.
    const kept = dataOf(
      await administer('PUT', CHANNELS, { channels: [{ name: 'ops', kind: 'webhook' }, drafts[1]] }),
    );
    expect(kept[1]).not.toHaveProperty('secret');
    const rotating = { name: 'ops', kind: 'webhook', rotate_secret: true };
    const rotated = dataOf(await administer('PUT', CHANNELS, { channels: [rotating] }));
    expect(rotated).toMatchObject([{ name: 'ops', secret: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect(rotated[0]!.secret).not.toBe(secret);
    secret = rotated[0]!.secret as string;
    expect(running.api.output).not.toContain(secret);
    expect((await administer('GET', '/v1/audit-log')).text).not.toContain(secret);
  });

  it('fire once with a signature, are in the history, and end when the rule is switched off', async () => {
    const created = await administer('POST', RULES, manyViews);
    expect([created.status, bodyOf(created)]).toMatchObject([
      201,
      { ...manyViews, measure: null, stat: 'count' },
    ]);
    const { id } = bodyOf(created);
    const views = Array.from({ length: 3 }, () => ({
      type: 'page_view',
      payload: { page: '/', duration_ms: 1 },
    }));
    expect((await client.post(views)).status).toBe(202);
    await eventually('the webhook is called', () => received('/ops').length > 0);
    const [request] = receiver.requests;
    const [, t, v1] = /^t=(\d+),v1=(\w+)$/.exec(String(request!.headers['millrace-signature']))!;
    expect(v1).toBe(createHmac('sha256', secret).update(`${t}.${request!.body}`).digest('hex'));
    const [alert] = dataOf(await administer('GET', '/v1/alerts?state=firing'));
    expect(alert).toMatchObject({
      ...{ rule_id: id, rule: 'Many views', state: 'firing', value: 3, resolved_at: null },
      summary: 'count of page_view with page=/ over 1h is 3 (rule: > 2)',
    });
    await eventually('the attempt is noted', async () => {
      const [{ notifications } = {} as never] = dataOf(await administer('GET', '/v1/alerts'));
      return (notifications as { status: string }[])[0]!.status === 'sent';
    });
    const until = new Date(Date.now() + 60_000).toISOString();
    const silenced = await administer('POST', `/v1/alerts/${alert!.id}/silence`, { until });
    expect(bodyOf(silenced)).toMatchObject({ id: alert!.id, silenced_until: until });
    // Three more evaluations tell nothing.
    const evaluated = async () => Date.parse(String(dataOf(await administer('GET', RULES))[0]!.evaluated_at));
    const before = await evaluated();
    await eventually('it is evaluated again', async () => (await evaluated()) >= before + 3000);
    expect(received('/ops').map(({ event }) => event)).toEqual(['firing']);
    expect((await administer('PATCH', `${RULES}/${id}`, { enabled: false })).status).toBe(200);
    await eventually('its end is told', () => received('/ops').length > 1);
    expect(received('/ops').map(({ event }) => event)).toEqual(['firing', 'resolved']);
    expect(dataOf(await administer('GET', '/v1/alerts'))).toMatchObject([{ state: 'resolved' }]);
    expect((await administer('DELETE', `${RULES}/${id}`)).status).toBe(204);
  });

  it('can be tried: what each channel said is the answer', async () => {
    const channels = [
      ...[{ name: 'ops', kind: 'webhook' }, hook('metadata', 'http://169.254.169.254/')],
      ...[{ name: 'chat', kind: 'slack', target: `${receiver.url}/chat` }],
      ...[{ name: 'lead', kind: 'mail', target: 'lead@example.com' }],
    ];
    await administer('PUT', CHANNELS, { channels });
    const rule = { name: 'No voice', kind: 'no_events', type: 'voice_metric', minutes: 30, enabled: false };
    const { id } = bodyOf(await administer('POST', RULES, rule));
    const tested = await administer('POST', `${RULES}/${id}/test`);
    expect(dataOf(tested)).toEqual([
      { channel: 'chat', status: 'sent', said: 'HTTP 200' },
      { channel: 'lead', status: 'refused', said: 'no mail is sent: SMTP_URL is not set' },
      {
        channel: 'metadata',
        status: 'refused',
        said: expect.stringMatching(/^the address 169\.254\.169\.254 is not/),
      },
      { channel: 'ops', status: 'sent', said: 'HTTP 200' },
    ]);
    expect(received('/ops').at(-1)).toMatchObject({
      ...{ event: 'test', rule: 'No voice', alert_id: null },
      summary: 'The rule watches: events of voice_metric in 30 minutes.',
    });
    expect(received('/chat')[0].blocks[0].text.text).toContain('This is a test. Nothing is wrong.');
  });

  it('about the installation go to the operator, and nobody else sees them', async () => {
    const channels = [hook('operator')];
    expect(dataOf(await operate('PUT', `/v1/admin${CHANNELS.slice(3)}`, { channels }))).toHaveLength(1);
    expect(dataOf(await operate('POST', '/v1/admin/notification-channels/test'))).toMatchObject([
      { status: 'sent' },
    ]);
    const cli = () =>
      BuiltProcess.runAnyway('apps/cli/src/main.js', { DATABASE_URL: running.databaseUrl }, ['alerts']);
    await running.database.query(
      `ALTER TABLE ledger DROP CONSTRAINT ledger_check;
       INSERT INTO ledger VALUES ('${running.caller.organizationId}', now(), gen_random_uuid(), 2, 1, 0, 0, 'x', 'x')`,
    );
    const told = () =>
      received('/operator')
        .filter(({ rule }) => rule === 'ledger-unbalanced')
        .map(({ event }) => event);
    await eventually('the operator is told', () => told().length > 0);
    const firing = dataOf(await operate('GET', '/v1/admin/alerts?state=firing'));
    const alert = firing.find(({ rule }) => rule === 'ledger-unbalanced');
    expect(alert).toMatchObject({
      rule_id: 'ledger-unbalanced',
      summary: expect.stringMatching(/^1 batches/),
    });
    const printed = await cli();
    expect([printed.code, printed.output]).toEqual([
      1,
      expect.stringMatching(/^firing .* ledger-unbalanced /m),
    ]);
    const until = new Date(Date.now() + 60_000).toISOString();
    expect((await administer('POST', `/v1/alerts/${alert!.id}/silence`, { until })).status).toBe(404);
    expect((await operate('POST', `/v1/admin/alerts/${alert!.id}/silence`, { until })).status).toBe(200);
    await running.database.query('DELETE FROM ledger WHERE received = 2');
    await eventually('its end is told', () => told().length > 1);
    expect(told()).toEqual(['firing', 'resolved']);
    expect(JSON.stringify(dataOf(await administer('GET', '/v1/alerts')))).not.toContain('ledger-unbalanced');
    for (const [method, path] of [
      ['GET', '/v1/admin/alerts'],
      ['POST', `/v1/admin/alerts/${alert!.id}/silence`],
      ['GET', '/v1/admin/notification-channels'],
      ['PUT', '/v1/admin/notification-channels'],
      ['POST', '/v1/admin/notification-channels/test'],
    ] as const)
      expect([path, (await administer(method, path, method === 'GET' ? undefined : {})).status]).toEqual([
        path,
        403,
      ]);
  });
});

describe('the routes of alerts', () => {
  let running: RunningApi;
  let administer: ReturnType<typeof administratorOf>;

  beforeAll(async () => {
    running = await startApi({ workers: 0, settings: { JWT_SECRET } });
    administer = administratorOf(new HttpClient(running.url, ''), running.caller.adminKey);
  });
  afterAll(() => running?.stop());

  it('let viewers and keys that read look, and managers and admin keys change', async () => {
    const { organizationId, readKey, ingestKey, adminKey } = running.caller;
    const tokenOf = (role: string) =>
      sign(claims(organizationId, { role }), Buffer.from(JWT_SECRET), { alg: 'HS256' });
    const callers = [
      ...[
        await tokenOf('viewer'),
        await tokenOf('developer'),
        await tokenOf('manager'),
        await tokenOf('admin'),
      ],
      ...[readKey, ingestKey, adminKey],
    ];
    const statuses = async (method: string, path: string, body?: unknown) => {
      const found: number[] = [];
      for (const key of callers) found.push((await administer(method, path, body, key)).status);
      return found;
    };
    const id = '00000000-0000-4000-8000-000000000000';
    const looks = [200, 200, 200, 200, 200, 403, 200];
    for (const path of [RULES, CHANNELS, '/v1/alerts'])
      expect([path, await statuses('GET', path)]).toEqual([path, looks]);
    const changes = (status: number) => [403, 403, status, status, 403, 403, status];
    expect(await statuses('PUT', CHANNELS, { channels: [] })).toEqual(changes(200));
    expect(await statuses('POST', RULES, {})).toEqual(changes(400));
    expect(await statuses('PATCH', `${RULES}/${id}`, {})).toEqual(changes(404));
    expect(await statuses('DELETE', `${RULES}/${id}`)).toEqual(changes(404));
    expect(await statuses('POST', `${RULES}/${id}/test`)).toEqual(changes(404));
    expect(await statuses('POST', `/v1/alerts/${id}/silence`, { until: '2026-01-01T00:00:00Z' })).toEqual(
      changes(404),
    );
  });

  it.each([
    [{}, ['kind', 'name']],
    [{ ...manyViews, kind: 'anomaly' }, ['kind', 'comparison', 'threshold', 'window']],
    [{ ...manyViews, name: 'two\nlines' }, ['name']],
    [{ ...manyViews, window: '2h', comparison: '=', threshold: '5' }, ['comparison', 'threshold', 'window']],
    [{ ...manyViews, type: 'nope' }, ['type']],
    [{ ...manyViews, measure: 'duration_ms' }, ['stat']],
    [{ ...manyViews, measure: 'nope', stat: 'p95', where: { nope: 1 } }, ['measure', 'where[nope]']],
    [
      { ...manyViews, for_seconds: -1, repeat_seconds: 59, enabled: 'no' },
      ['enabled', 'for_seconds', 'repeat_seconds'],
    ],
    [{ ...manyViews, channels: ['ops', 'ops'] }, ['channels']],
    [{ ...manyViews, channels: ['nope'] }, ['channels/0']],
    [{ ...manyViews, minutes: 5, since: 1 }, ['minutes', 'since']],
    [{ name: 'a', kind: 'no_events' }, ['minutes']],
    [{ name: 'a', kind: 'no_events', minutes: 1441, where: { page: '/' } }, ['minutes', 'where']],
  ])('name the faulty fields of a rule (%#)', async (body, fields) => {
    const answer = await administer('POST', RULES, body);
    expectProblem(answer, 400, 'invalid_body');
    expect(faultyFields(answer)).toEqual([...fields].sort());
  });

  it.each([
    [{}, ['channels']],
    [{ channels: [1], more: 1 }, ['channels/0', 'more']],
    [{ channels: [{ name: 'a', kind: 'pager' }] }, ['channels/0/kind', 'channels/0/target']],
    [
      { channels: [{ name: '', kind: 'webhook', target: 'ftp://x' }] },
      ['channels/0/name', 'channels/0/target'],
    ],
    [{ channels: [{ name: 'a', kind: 'slack', target: 'https://u:p@x' }] }, ['channels/0/target']],
    [{ channels: [{ name: 'a', kind: 'mail', target: 'nobody' }] }, ['channels/0/target']],
    [{ channels: Array(21).fill({ name: 'a', kind: 'mail', target: 'a@b.c' }) }, ['channels']],
    [
      { channels: Array(2).fill({ name: 'a', kind: 'mail', target: 'a@example.com', x: 1 }) },
      ['channels/0/x', 'channels/1/name', 'channels/1/x'],
    ],
  ])('name the faulty fields of channels (%#)', async (body, fields) => {
    const answer = await administer('PUT', CHANNELS, body);
    expectProblem(answer, 400, 'invalid_body');
    expect(faultyFields(answer)).toEqual([...fields].sort());
  });

  it('keep names unique, a hundred rules, and channels that rules name', async () => {
    const channel = { name: 'ops', kind: 'mail', target: 'ops@example.com' };
    await administer('PUT', CHANNELS, { channels: [channel] });
    const first = bodyOf(await administer('POST', RULES, { ...manyViews, channels: ['ops'] }));
    expectProblem(await administer('POST', RULES, manyViews), 409, 'alert_rule_exists');
    expectProblem(await administer('PUT', CHANNELS, { channels: [] }), 409, 'channel_in_use');
    for (let i = 1; i < 100; i++)
      expect((await administer('POST', RULES, { ...manyViews, name: `${i}` })).status).toBe(201);
    expectProblem(
      await administer('POST', RULES, { ...manyViews, name: '100' }),
      409,
      'too_many_alert_rules',
    );
    const path = `${RULES}/${first.id}`;
    expectProblem(await administer('PATCH', path, { name: '1' }), 409, 'alert_rule_exists');
    const silent = { kind: 'no_events', minutes: 5, type: null, channels: null };
    const changed = bodyOf(await administer('PATCH', path, silent));
    expect(changed).toMatchObject({ ...silent, name: 'Many views', where: {} });
    expect(changed).not.toHaveProperty('threshold');
    expect(faultyFields(await administer('PATCH', path, { threshold: 1 }))).toEqual(['threshold']);
    const fields = { minutes: 7, for_seconds: 60, repeat_seconds: 120, enabled: false, name: 'Silence' };
    const atOnce = Object.entries(fields).map(([name, value]) =>
      administer('PATCH', path, { [name]: value }),
    );
    for (const { status } of await Promise.all(atOnce)) expect(status).toBe(200);
    const rules = dataOf(await administer('GET', RULES));
    expect(rules.find(({ id }) => id === first.id)).toMatchObject(fields);
    expect((await administer('PUT', CHANNELS, { channels: [] })).status).toBe(200);
    const late = await administer('POST', '/v1/alerts/x/silence', { until: '2036-01-01T00:00:00Z' });
    expect(faultyFields(late)).toEqual(['until']);
    expect(faultyFields(await administer('GET', '/v1/alerts?state=open'))).toEqual(['state']);
  });

  it('keep one silence for each rule', async () => {
    const { rows } = await running.database.query<{ id: string }>(
      `INSERT INTO alerts (organization_id, rule, name, state, summary, started_at)
       SELECT $1, rule, rule, 'resolved', 'x', now() FROM unnest('{a,a,b}'::text[]) AS rule RETURNING id`,
      [running.caller.organizationId],
    );
    const until = new Date(Date.now() + 60_000).toISOString();
    for (const { id } of [rows[0]!, rows[2]!, rows[1]!])
      expect((await administer('POST', `/v1/alerts/${id}/silence`, { until })).status).toBe(200);
    const listed = dataOf(await administer('GET', '/v1/alerts'));
    const silences = rows.map(({ id }) => listed.find((alert) => alert.id === id)!.silenced_until);
    expect(silences).toEqual([null, until, until]);
  });

  it('write every change into the audit log', async () => {
    const entries = dataOf(await administer('GET', '/v1/audit-log?limit=1000'));
    const actions = new Set(entries.map(({ action }) => action));
    expect([...actions]).toEqual(
      expect.arrayContaining([
        'alert_rule.create',
        'alert_rule.change',
        'notification_channels.replace',
        'alert.silence',
      ]),
    );
  });
});
