import { expectProblem, HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
  client = new HttpClient(running.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

const put = (name: string, definition: object) =>
  client.post(definition, { method: 'PUT', path: `/v1/event-types/${name}` });

const trip = {
  schema: {
    type: 'object',
    properties: { line: { type: 'string' }, stops: { type: 'integer', minimum: 0 } },
  },
  dimensions: ['line'],
  measures: ['stops'],
};

describe('definitions that are refused', () => {
  const withField = (field: unknown, more: object = {}) => ({
    schema: { type: 'object', properties: { field }, ...more },
  });
  const doubling = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`d${i}`, { allOf: Array(2).fill({ $ref: `#/$defs/d${i + 1}` }) }]),
  );
  let deep: object = { type: 'string' };
  for (let i = 0; i < 40; i++) deep = { type: 'array', items: deep };
  const patterns = [
    '^(a+)+$',
    '(a|aa)+$',
    '^(a|aa)+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(.*a){20}',
    '^(',
    '^a(?=b)',
  ];

  it.each<[string, object, string]>([
    ['without a schema', { dimensions: [] }, '/schema'],
    ['with an unknown field', { ...trip, dimension: [] }, '/dimension'],
    ['with a schema for strings', { schema: { type: 'string' } }, '/schema/type'],
    ['with an undeclared dimension', { ...trip, dimensions: ['lane'] }, '/dimensions/0'],
    ['with a measure of type string', { ...trip, measures: ['stops', 'line'] }, '/measures/1'],
    ['with too many dimensions', { ...trip, dimensions: Array(9).fill('line') }, '/dimensions'],
    ['with an unknown keyword', withField({ type: 'string', regex: '^a' }), '/schema/properties/field/regex'],
    [
      'with uniqueItems',
      withField({ type: 'array', uniqueItems: true }),
      '/schema/properties/field/uniqueItems',
    ],
    ['with a format', withField({ type: 'string', format: 'email' }), '/schema/properties/field/format'],
    ...[
      'http://json-schema.org/draft-07/schema#',
      'https://json-schema.org/draft/2019-09/schema',
      ...['x', '', 5, null, {}],
    ].map(($schema): [string, object, string] => [
      `with $schema ${JSON.stringify($schema)}`,
      { schema: { type: 'object', $schema } },
      '/schema/$schema',
    ]),
    [
      'with another $schema in a field',
      withField({ $schema: 'http://json-schema.org/draft-07/schema#' }),
      '/schema/properties/field/$schema',
    ],
    ['with an $id', { schema: { type: 'object', $id: 'http://x/y' } }, '/schema/$id'],
    ['with a remote reference', withField({ $ref: 'http://127.0.0.1/x' }), '/schema/properties/field/$ref'],
    ['with a file reference', withField({ $ref: 'file:///etc/passwd' }), '/schema/properties/field/$ref'],
    [
      'with a recursive reference',
      withField({ $ref: '#/$defs/a' }, { $defs: { a: { items: { $ref: '#/$defs/a' } } } }),
      '/schema/properties/field/$ref/items/$ref',
    ],
    [
      'with references that expand exponentially',
      withField({ $ref: '#/$defs/d0' }, { $defs: { ...doubling, d30: { type: 'string' } } }),
      '/schema',
    ],
    ['nested too deep', withField(deep), '/schema/properties/field/items'],
    [
      'with too many enum values',
      withField({ enum: Array.from({ length: 1_001 }, (_, i) => i) }),
      '/schema/properties/field',
    ],
    ['over the size limit', withField({ type: 'string', description: 'x'.repeat(33_000) }), '/schema'],
    ['with an invalid schema', withField({ type: 'text' }), '/schema/properties/field/type'],
    ['with a keyword that Ajv only warns about', withField({ minLength: 1 }), '/schema'],
    [
      'with a forbidden key',
      JSON.parse('{"schema":{"type":"object","properties":{"__proto__":{}}}}'),
      '/schema',
    ],
    ...patterns.flatMap((pattern): [string, object, string][] => [
      [
        `with the pattern ${pattern}`,
        withField({ type: 'string', pattern }),
        '/schema/properties/field/pattern',
      ],
      [
        `with patternProperties ${pattern}`,
        { schema: { type: 'object', patternProperties: { [pattern]: {} } } },
        '/schema',
      ],
      [
        `with propertyNames ${pattern}`,
        { schema: { type: 'object', propertyNames: { pattern } } },
        '/schema',
      ],
    ]),
  ])('%s', async (_what, definition, path) => {
    const answer = await put('refused', definition);
    expectProblem(answer, 400, 'invalid_event_type');
    expect(answer.body.errors?.[0]?.path.slice(0, path.length)).toBe(path);
  });

  it.each(['Trip', '1trip', 'a b', 'a'.repeat(101), 'a%00', '%F0%9F%98%80'])('named %s', async (name) => {
    expectProblem(await put(name, trip), 400, 'invalid_event_type');
  });
});
