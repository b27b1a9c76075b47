import { NO_ORGANIZATION } from '#identity';
import type { Dialect } from '../../apps/api/src/ingest/dialects/dialect.js';
import * as dialects from '../../apps/api/src/ingest/dialects/dialects.js';
import { DocumentedApi } from '../support/documented-api.js';
import { bytesOf, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

const ADMIN_TOKEN = 'the-operator-of-the-tests-and-nobody-else';
const JWT_SECRET = 'a secret of the tests, longer than 32 bytes';

/** Of an alert rule, and of an alert of everyone. */
const ID = '00000000-0000-4000-8000-000000000001';

let running: RunningApi;
let client: HttpClient;
let api: DocumentedApi;

beforeAll(async () => {
  running = await startApi({ settings: { ADMIN_TOKEN, JWT_SECRET } });
  client = new HttpClient(running.url, running.caller.adminKey);
  api = await DocumentedApi.of(client);
});
afterAll(() => running?.stop());

/** Every call with a request body, with the body and the headers that /docs fills in. */
const examples = () =>
  api.operations.flatMap(([method, path, { requestBody, parameters = [] }]) =>
    Object.entries(requestBody?.content ?? {}).map(([type, { example, examples }]) => ({
      ...{ method, path, type },
      headers: Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === 'header' && 'example' in parameter.schema)
          .map(({ name, schema }) => [name, String(schema.example)]),
      ),
      example: example ?? Object.values(examples ?? {})[0]?.value,
    })),
  );

it('has examples that are accepted, and answered as documented', async () => {
  await running.database.query(
    `INSERT INTO alert_rules (organization_id, id, name, condition, for_seconds, enabled)
     VALUES ($1, $2, 'x', '{"kind": "no_events", "type": null, "where": {}, "minutes": 5}', 0, true)`,
    [running.caller.organizationId, ID],
  );
  await running.database.query(
    `INSERT INTO alerts (organization_id, id, rule, name, state, summary, started_at)
     SELECT organization, $2, 'x', 'x', 'resolved', 'x', now() FROM unnest($1::uuid[]) AS organization`,
    [[running.caller.organizationId, NO_ORGANIZATION], ID],
  );
  const targets: Record<string, string> = {
    '/v1/alert-rules/{id}': ID,
    '/v1/alerts/{id}/silence': ID,
    '/v1/admin/alerts/{id}/silence': ID,
    '/v1/organizations/{id}': running.caller.organizationId,
    '/v1/event-types/{type}': 'vote',
    '/v1/admin/jobs/{name}/run': 'closed-days',
  };
  const isForOperator = (path: string) => path === '/v1/organizations' || path.startsWith('/v1/admin/');
  for (const { method, path, type, headers, example } of examples()) {
    const key = isForOperator(path) ? ADMIN_TOKEN : running.caller.adminKey;
    const target = path.replace(/\{\w+\}/, targets[path] ?? 'example-1');
    const options = { method: method.toUpperCase(), path: target, type, key, headers };
    const answer = await client.send(options, bytesOf(example));
    expect([path, answer.status < 300, answer.text]).toEqual([path, true, answer.text]);
    expect(answer.body?.rejected ?? []).toEqual([]);
    api.expectDocumented(method, path, answer);
    if (!/[/+]json$/.test(type)) continue;
    const validate = api.validatorOf('paths', path, method, 'requestBody', 'content', type, 'schema');
    validate(example);
    expect([path, validate.errors]).toEqual([path, null]);
  }
  expect(examples().length).toBeGreaterThanOrEqual(23);
});

it('has an example of every JSON answer, which fits its schema', () => {
  let examples = 0;
  for (const [method, path, { responses }] of api.operations) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      const json = content['application/json'];
      // The files of exports have any format.
      if (!json || json.schema.format === 'binary') continue;
      const { example } = json;
      const place = ['paths', path, method, 'responses', status, 'content', 'application/json', 'schema'];
      const validate = api.validatorOf(...place);
      validate(example);
      expect({ method, path, status, example, errors: validate.errors }).toMatchObject({ errors: null });
      expect(example).toEqual(expect.anything());
      examples++;
    }
  }
  expect(examples).toBeGreaterThanOrEqual(45);
});

describe('every intake route', () => {
  it('documents 200 or 201 where clients expect it', () => {
    const successOf = (path: string) => Object.keys(api.operation('post', path).responses)[0];
    expect(successOf('/api/analytics/ingest')).toBe('200');
    expect(successOf('/api/metrics/sessions/start')).toBe('201');
  });

  it('documents lines where it accepts them', () => {
    expect(Object.keys(api.operation('post', '/v1/events').requestBody!.content)).toEqual([
      'application/json',
      'application/x-ndjson',
      'application/ndjson',
      'application/jsonl',
      'application/jsonlines',
    ]);
  });
});

/** Security requirements: of dialects with their own credential places by path, and of all other calls. */
function schemesOfDialects() {
  const own = Object.values<Dialect>(dialects).flatMap(({ path, credentials }) => {
    if (!credentials) return [];
    const security = credentials.flatMap(({ schemes }) =>
      Object.keys(schemes).map((name) => ({ [name]: [] })),
    );
    return [path].flat().map((each) => [each.replace(/:(\w+)/g, '{$1}'), security] as const);
  });
  return { own: new Map(own), common: [{ 'api-key': [] }, { bearer: [] }] };
}

describe('every operation', () => {
  const ofCallers = () => api.operations.filter(([, , operation]) => operation['x-permission'] !== 'public');

  it('needs a key or a token unless it is documented as public', async () => {
    const { own, common } = schemesOfDialects();
    for (const [method, path, { security, responses }] of ofCallers()) {
      if (path === '/queues') continue;
      expect([method, path, security]).toEqual([method, path, own.get(path) ?? common]);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '429', '503']));
    }
    expect(api.operation('get', '/queues').security).toEqual([{ basic: [] }]);
    const open = api.operations.filter(([, , operation]) => operation['x-permission'] === 'public');
    expect(open.map(([, path]) => path).sort()).toEqual([
      '/api/analytics/docs',
      '/api/analytics/healthz',
      '/api/analytics/openapi.json',
      '/api/metrics/health',
      '/docs',
      '/health',
      '/health/live',
      '/health/ready',
      '/openapi.json',
      '/v1/unsubscribe/{token}',
      '/v1/unsubscribe/{token}',
    ]);
    for (const [method, path, { security, responses }] of open) {
      const isForStrangers = path.startsWith('/v1/unsubscribe/');
      expect([path, security, '429' in responses]).toEqual([path, [], isForStrangers]);
      const request = { method: method.toUpperCase(), path: path.replace('{token}', 'x'), key: null };
      api.expectDocumented(method, path, await client.send(request));
    }
  });

  it('refuses a caller without a key as documented', async () => {
    for (const [method, path] of ofCallers()) {
      const answer = await client.send({
        method: method.toUpperCase(),
        path: path.replace(/\{\w+\}/, 'x'),
        key: null,
      });
      expect([path, answer.status]).toEqual([path, 401]);
      api.expectDocumented(method, path, answer);
    }
  });

  it('has a plain-text summary', () => {
    for (const [method, path, { summary }] of api.operations) {
      expect([method, path, summary]).toEqual([method, path, expect.stringMatching(/^[^`]+$/)]);
    }
  });
});

describe('every query parameter', () => {
  const parametersOf = (path: string) =>
    api.operation('get', path).parameters!.map(({ name, schema }) => [name, schema] as const);

  it('has a type, and is listed in a sensible order', () => {
    for (const [method, path, { parameters = [] }] of api.operations) {
      for (const { name, schema } of parameters) {
        expect([method, path, name, schema.type]).toEqual([method, path, name, expect.any(String)]);
      }
    }
    expect(api.operation('put', '/api/metrics/sessions/{id}').parameters).toEqual([
      expect.objectContaining({ name: 'id', in: 'path', required: true }),
    ]);
    const names = (path: string) =>
      parametersOf(path)
        .map(([name]) => name)
        .join(' ');
    expect(names('/v1/events')).toBe('type user_id session_id from to limit cursor where missing');
    expect(names('/v1/aggregates')).toBe(
      'type measure window group_by user_id stats tz fill compare order_by rest from to limit cursor where missing',
    );
    expect(names('/v1/audit-log')).toBe('action actor from to limit cursor');
    expect(names('/v1/users')).toBe('limit cursor');
    expect(names('/v1/ledger')).toBe('from to');
  });

  it('documents its limits and defaults', () => {
    const { limit, from, window } = Object.fromEntries(parametersOf('/v1/aggregates'));
    expect(limit).toEqual({ type: 'integer', minimum: 1, maximum: 1000, default: 100 });
    expect(from).toEqual({ type: 'string', format: 'date-time' });
    expect(window).toEqual({
      type: 'string',
      enum: ['1m', '5m', '15m', '1h', '1d', '1w', '1mo'],
      default: '1m',
    });
  });

  it('is filled in by /docs with a valid value', async () => {
    const query = new URLSearchParams();
    for (const { name, schema, example, examples } of api.operation('get', '/v1/aggregates').parameters!) {
      const [first] = Object.values(examples ?? {});
      const filled = example ?? first?.value ?? schema.example ?? schema.default;
      if (typeof filled === 'object') expect([name, filled]).toEqual(['where', {}]);
      else if (filled !== undefined) query.set(name, String(filled));
    }
    expect(query.get('type')).toBe('page_view');
    const answer = await client.send({ path: `/v1/aggregates?${query}` });
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
  });
});

describe('every field', () => {
  it('documents its maximum length and its type', async () => {
    const type = 'application/json';
    const { schema } = api.operation('post', '/v1/events').requestBody!.content[type]!;
    const [event] = schema.oneOf as { properties: Record<string, { maxLength: number }> }[];
    for (const name of ['id', 'user_id', 'session_id', 'src']) {
      const { maxLength } = event!.properties[name]!;
      const send = (length: number) => client.post({ type: 'page_view', [name]: 'x'.repeat(length) });
      expect([name, (await send(maxLength)).status, (await send(maxLength + 1)).status]).toEqual([
        name,
        202,
        400,
      ]);
    }
    const { NewApiKeyBody } = api.document.components.schemas;
    expect(NewApiKeyBody!.properties.expires_at).toMatchObject({
      type: ['string', 'null'],
      format: 'date-time',
    });
  });
});
