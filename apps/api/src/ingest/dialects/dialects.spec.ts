import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { decodeAll, ingestRequest } from '../../../../../test/support/ingest-request.js';
import { Problem } from '../../http/problem.js';
import { RefusedEvent } from '../decode/refused-event.js';
import { routesOf } from '../ingest-route.js';
import type { Dialect } from './dialect.js';
import * as dialects from './dialects.js';

const fields =
  'events metrics command_executions agent_interactions productivity_metrics timestamp user_id session_id ' +
  'context ts id payload __proto__ constructor hasOwnProperty';
const names = fc.constantFrom(...fields.split(' '));

/** JSON text of any shape, rich in the names that dialects look for. */
const bodies = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.string(),
  fc
    .dictionary(
      fc.oneof(names, fc.string()),
      fc.oneof(
        fc.jsonValue(),
        fc.array(fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }), { maxLength: 6 }),
      ),
    )
    .map((value) => JSON.stringify(value)),
);

const all = Object.values<Dialect>(dialects);

describe('the dialects', () => {
  it('have distinct routes', () => {
    const routes = all.flatMap(routesOf);
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { path } of routes) expect(path).toMatch(/^(\/[\w.:-]+)+$/);
  });

  describe.each(all.map((dialect) => [`${dialect.method ?? 'POST'} ${dialect.path}`, dialect] as const))(
    '%s',
    (_route, dialect) => {
      it.each(Object.keys(dialect.bodies))('answers any %s with candidates or a problem', (contentType) => {
        fc.assert(
          fc.property(bodies, (body) => {
            try {
              const request = ingestRequest(body, { contentType, params: { id: 's1' }, maxEvents: 5 });
              const candidates = [...dialect.decode(request)];
              expect(candidates.length).toBeGreaterThan(0);
              expect(candidates.length).toBeLessThanOrEqual(5);
              for (const candidate of candidates) {
                if (candidate instanceof RefusedEvent) continue;
                expect(typeof candidate).toBe('object');
                expect(typeof (dialect.clientPath?.('/payload/x', candidate) ?? '')).toBe('string');
              }
            } catch (error) {
              if (!(error instanceof Problem)) throw error;
            }
          }),
          { numRuns: 300 },
        );
      });

      it('survives deep nesting', () => {
        const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
        expect(() => decodeAll(dialect, `{"context":${deep},"user_id":${deep}}`)).not.toThrow(RangeError);
      });

      it('documents its bodies with schemas that compile', () => {
        for (const { schema } of Object.values(dialect.bodies)) {
          expect(() => new Ajv2020({ strict: false, logger: false }).compile(schema)).not.toThrow();
        }
      });
    },
  );
});
