import { readdirSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { builtInTypes } from './built-in-types.js';

interface Field {
  readonly type?: string;
  readonly anyOf?: readonly Field[];
}

const typesOf = (field: Field): readonly (string | undefined)[] =>
  field.anyOf ? field.anyOf.flatMap(typesOf) : [field.type];

const files = readdirSync(new URL('./types', import.meta.url))
  .filter((file) => file !== 'event-type.ts')
  .map((file) => file.replace(/\.ts$/, ''));

describe('the built-in types', () => {
  it('are named after their files, each once', () => {
    const names = builtInTypes.map((type) => type.name.replaceAll('_', '-'));
    expect([...names].sort()).toEqual([...files].sort());
  });

  describe.each(builtInTypes.map((type) => [type.name, type] as const))('%s', (_name, type) => {
    const properties = type.schema.properties as Record<string, Field>;

    it('groups by declared scalar fields', () => {
      for (const dimension of type.dimensions) {
        expect(Object.keys(properties)).toContain(dimension);
        for (const kind of typesOf(properties[dimension]!)) {
          expect(['string', 'integer', 'number', 'boolean']).toContain(kind);
        }
      }
      expect(new Set(type.dimensions).size).toBe(type.dimensions.length);
    });

    it('measures declared numeric fields', () => {
      for (const measure of type.measures) {
        expect(['integer', 'number']).toContain(properties[measure]?.type);
      }
      expect(new Set(type.measures).size).toBe(type.measures.length);
    });

    it('reads session facts from declared fields', () => {
      if (type.session?.talkedTime) expect(properties[type.session.talkedTime]?.type).toBe('integer');
      if (type.session?.device) expect(properties[type.session.device]?.type).toBe('string');
    });

    it('bounds every string and number', () => {
      const walk = (field: Record<string, unknown>): void => {
        if (field.type === 'string') expect(field.enum ?? field.maxLength).toBeDefined();
        if (field.type === 'number')
          expect([typeof field.minimum, typeof field.maximum]).toEqual(['number', 'number']);
        for (const option of (field.anyOf as Record<string, unknown>[]) ?? []) walk(option);
      };
      for (const field of Object.values(properties)) walk(field as Record<string, unknown>);
    });

    it.each([
      ['draft 2020-12', Ajv2020],
      ['draft 07', Ajv],
    ])('compiles in strict mode under %s and accepts its own examples', (_draft, Compiler) => {
      const validate = new Compiler({ strict: true }).compile(type.schema);
      const examples = type.schema.examples as unknown[];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        validate(example);
        expect(validate.errors ?? []).toEqual([]);
      }
    });
  });
});

describe('the contract', () => {
  const valid = (name: string, payload: object) =>
    new Ajv2020().compile(builtInTypes.find((type) => type.name === name)!.schema)(payload);

  const command = { command_name: 'plan', execution_time_ms: 1, status: 'success' };
  const page = { page: '/', status: 404, bytes: 0 };

  it.each([
    ['a name of 255 characters', 'command_execution', { ...command, command_name: 'a'.repeat(255) }, true],
    ['an hour', 'command_execution', { ...command, execution_time_ms: 3_600_000 }, true],
    ['an empty name', 'command_execution', { ...command, command_name: '' }, false],
    ['a name of 256 characters', 'command_execution', { ...command, command_name: 'a'.repeat(256) }, false],
    ['a fraction of a millisecond', 'command_execution', { ...command, execution_time_ms: 1.5 }, false],
    ['more than an hour', 'command_execution', { ...command, execution_time_ms: 3_600_001 }, false],
    ['an unknown status', 'command_execution', { ...command, status: 'done' }, false],
    ['a context that is not an object', 'command_execution', { ...command, context: 'x' }, false],
    ['a fraction of a second', 'voice_metric', { talked_time: 1.5 }, false],
    ['negative talked time', 'voice_metric', { talked_time: -1 }, false],
    ['a reading as text', 'device_metric', { device_name: 'd', metric_name: 'm', value: '1' }, false],
    ['an HTTP status', 'page_view', page, true],
    ['an HTTP status as text', 'page_view', { ...page, status: '404' }, false],
    ['additional fields', 'page_view', { ...page, own_field: [1] }, true],
  ])('%s in %s', (_what, name, payload, expected) => {
    expect(valid(name, payload)).toBe(expected);
  });
});
