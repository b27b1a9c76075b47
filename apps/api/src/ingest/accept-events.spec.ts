import { builtInTypes } from '#catalog';
import { ingestRequest, receivedAt } from '../../../../test/support/ingest-request.js';
import { CountableType, createAjv } from '../event-types/countable-type.js';
import { acceptEvents, acceptEventsInSlices } from './accept-events.js';
import { commandsDialect } from './dialects/development-metrics.dialect.js';
import { sessionChangeDialect } from './dialects/development-sessions.dialect.js';
import type { Dialect } from './dialects/dialect.js';
import type { IngestRequest } from './dialects/ingest-request.js';
import { nativeEventsDialect } from './dialects/native-events.dialect.js';
import { type IngestRoute, routesOf } from './ingest-route.js';

const ajv = createAjv();
const types = new Map(builtInTypes.map((type) => [type.name, new CountableType(type, ajv)]));
const rulesOf = (dialect: Dialect) => {
  const [{ isJsonOnly }] = routesOf(dialect) as [IngestRoute];
  return { retention: 90 * 86_400_000, types, isJsonOnly };
};
const rules = rulesOf(nativeEventsDialect);
const accept = (body: unknown, dialect: Dialect = nativeEventsDialect, overrides?: Partial<IngestRequest>) =>
  acceptEventsInSlices(dialect, ingestRequest(body, overrides), rulesOf(dialect));
const view = { type: 'page_view' };

describe('acceptEvents', () => {
  it('accepts only the types that an organization allows', () => {
    const allowing = (...allowedTypes: string[]) =>
      acceptEvents(nativeEventsDialect, ingestRequest([view, { type: 'nope' }]), { ...rules, allowedTypes });
    expect(allowing('page_view').rejected).toMatchObject([
      { index: 1, code: 'type_not_allowed', path: '/type' },
    ]);
    expect(allowing('video_play').events).toEqual([]);
    expect(allowing().rejected).toHaveLength(2);
  });

  it('accepts the same events at once and in slices', async () => {
    const request = ingestRequest([
      view,
      7,
      { ...view, id: 'x', ts: '2026-11-22T00:00:00Z' },
      { type: 'nope' },
    ]);
    const { candidates, events, rejected } = acceptEvents(nativeEventsDialect, request, rules);
    const inSlices = await acceptEventsInSlices(nativeEventsDialect, request, rules);
    expect({ candidates, rejected }).toEqual({
      candidates: inSlices.candidates,
      rejected: inSlices.rejected,
    });
    expect(events.map(({ id: _, ...event }) => event)).toEqual(
      inSlices.events.map(({ id: _, ...event }) => event),
    );
  });

  it('accepts the valid events and reports the others by index', async () => {
    const { events, rejected } = await accept([view, 7, { ...view, id: 'x' }, { type: 'nope' }]);
    expect(events).toMatchObject([{ ts: receivedAt }, { id: 'x' }]);
    expect(rejected).toMatchObject([
      { index: 1, code: 'invalid_event', path: '' },
      { index: 3, code: 'unknown_type', path: '/type' },
    ]);
  });

  it("names fields as the client's dialect does", async () => {
    const command = {
      user_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      command_name: 'plan',
      execution_time_ms: -1,
      status: 'success',
    };
    const { rejected } = await accept(
      [command, { ...command, execution_time_ms: 1, executed_at: 5 }],
      commandsDialect,
    );
    expect(rejected).toMatchObject([
      { index: 0, code: 'schema_violation', path: '/execution_time_ms' },
      { index: 1, code: 'invalid_event', path: '/executed_at' },
    ]);
  });

  it('validates values from the path, too', async () => {
    const { rejected } = await accept('', sessionChangeDialect, { params: { id: 'a\0b' } });
    expect(rejected).toMatchObject([{ code: 'invalid_unicode', path: '/session_id' }]);
  });

  it("returns only a short excerpt of the client's text", async () => {
    const long = 'y'.repeat(30_000);
    const { rejected } = await accept([{ type: long }, { ...view, [long]: 1 }]);
    for (const { path, message } of rejected) expect((path + message).length).toBeLessThan(500);
  });

  it('yields to other requests while it processes a large body', async () => {
    const keys = (i: number) =>
      Object.fromEntries(Array.from({ length: 200 }, (_, k) => [`k${i * 200 + k}`, k]));
    const body = Array.from({ length: 1000 }, (_, i) => ({ ...view, payload: keys(i) }));
    const request = ingestRequest(body);
    let turns = 0;
    const watch = setInterval(() => turns++, 0);
    const { events } = await acceptEventsInSlices(nativeEventsDialect, request, rules);
    clearInterval(watch);
    expect(events).toHaveLength(1000);
    expect(turns).toBeGreaterThan(3);
  });
});
