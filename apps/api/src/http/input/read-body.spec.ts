import fc from 'fast-check';
import { NewOrganizationBody } from '../../organizations/organizations.body.js';
import { Problem } from '../problem.js';
import { readBody } from './read-body.js';

/** Paths of the faults in a new organization's body. */
function faultsOf(body: string): readonly string[] {
  try {
    readBody(NewOrganizationBody, Buffer.from(body));
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error).toMatchObject({ status: 400, code: 'invalid_body' });
    return error.errors!.map(({ path }) => path);
  }
}

describe('readBody', () => {
  const inherited = [...Object.getOwnPropertyNames(Object.prototype), 'prototype'];

  it.each(inherited)('rejects a field %s at any level', (name) => {
    for (const value of ['1', 'null', '{}', '"x"', '[]', '{"name":"x"}']) {
      const field = `"${name}":${value}`;
      expect(faultsOf(`{"name":"x",${field}}`)).toEqual([name]);
      expect(faultsOf(`{"name":"x","settings":{${field}}}`)).toEqual([`settings.${name}`]);
      expect(faultsOf(`{"name":"x","settings":{"rate_limits":{${field}}}}`)).toEqual([
        `settings.rate_limits.${name}`,
      ]);
      expect(faultsOf(`{"name":{${field}}}`)[0]).toMatch(/^name/);
      expect(faultsOf(`{"name":[{${field}}]}`)[0]).toMatch(/^name/);
    }
  });

  it('reports only missing fields as required', () => {
    const messagesOf = (body: string) => {
      try {
        readBody(NewOrganizationBody, Buffer.from(body));
        return [];
      } catch (error) {
        return (error as Problem).errors!.map(({ message }) => message);
      }
    };
    expect(messagesOf('{}')).toEqual(['name is required']);
    expect(messagesOf('')).toEqual(['name is required']);
    expect(messagesOf('{"name":""}')).toEqual(['name must be text of 1 to 256 characters']);
    expect(messagesOf('{"name":null}')).toEqual(['name must be text of 1 to 256 characters']);
  });

  it('rejects a body nested 4,000 levels deep', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"settings":', '}'],
    ] as const) {
      expect(faultsOf(`{"name":${open.repeat(4000)}1${close.repeat(4000)}}`)).toEqual([
        expect.stringMatching(/^name/),
      ]);
    }
  });

  it('fails only with an invalid_body problem on random bodies', () => {
    const names = fc.constantFrom(
      'name',
      'settings',
      'rate_limits',
      'single',
      'then',
      'length',
      ...inherited,
    );
    const scalars = [fc.constantFrom(null, 0, 'x', true)];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, ...scalars, fc.array(tie('value')), tie('object')),
      object: fc.array(fc.tuple(names, tie('value'))).map((pairs) => Object.fromEntries(pairs)),
    }));
    fc.assert(
      fc.property(value, (body) => {
        const text = JSON.stringify(body);
        const fields = text.match(/"[\w]+":/g) ?? [];
        if (fields.some((field) => inherited.includes(field.slice(1, -2)))) {
          expect(faultsOf(text)).not.toEqual([]);
        } else faultsOf(text);
      }),
      { numRuns: 2_000, seed: 20261124 },
    );
  });
});
