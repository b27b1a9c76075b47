import type { RawEvent } from '#catalog';
import { decodeAll, plain } from '../../../../../test/support/ingest-request.js';
import { developmentBatchDialect } from './development-batch.dialect.js';

const user_id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const command = { user_id, command_name: 'plan', execution_time_ms: 1, status: 'success' };
const agent = { user_id, agent_name: 'a', interaction_type: 'chat', execution_time_ms: 1, status: 'error' };
const score = { user_id, metric_type: 'productivity_score', metric_value: 80 };
const decode = (body: unknown, maxEvents = 1000) => decodeAll(developmentBatchDialect, body, { maxEvents });

describe('POST /api/metrics/batch', () => {
  const batch = {
    productivity_metrics: [score],
    command_executions: [command, { ...command, executed_at: '2026-11-22T08:00:00Z' }],
    agent_interactions: [agent, 5],
    timestamp: '2026-11-22T09:00:00Z',
  };

  it('orders events by commands, agents, productivity', () => {
    expect(decode(batch).map(plain)).toMatchObject([
      { type: 'command_execution', ts: '2026-11-22T09:00:00Z' },
      { type: 'command_execution', ts: '2026-11-22T08:00:00Z' },
      { type: 'agent_interaction', ts: '2026-11-22T09:00:00Z' },
      { code: 'invalid_event', path: '/agent_interactions/1' },
      { type: 'productivity_metric', payload: { metric_type: 'productivity_score', metric_value: 80 } },
    ]);
  });

  it('names fields by list and index', () => {
    const events = decode(batch) as RawEvent[];
    const path = (index: number, pointer: string) =>
      developmentBatchDialect.clientPath!(pointer, events[index]!);
    expect(path(1, '/payload/status')).toBe('/command_executions/1/status');
    expect(path(1, '/ts')).toBe('/command_executions/1/executed_at');
    expect(path(2, '/ts')).toBe('/timestamp');
    expect(path(4, '/payload/metric_value')).toBe('/productivity_metrics/0/metric_value');
  });

  it('refuses each event whose user_id is not a UUID', () => {
    expect(decode({ productivity_metrics: [score, { ...score, user_id: 'bob' }] })[1]).toMatchObject({
      code: 'schema_violation',
      path: '/productivity_metrics/1/user_id',
    });
  });

  it('counts all lists against the limit', () => {
    expect(decode({ command_executions: [command], agent_interactions: [agent] }, 2)).toHaveLength(2);
    expect(() => decode({ command_executions: [command], agent_interactions: [agent] }, 1)).toThrow(
      expect.objectContaining({ status: 413, code: 'batch_too_large' }),
    );
  });

  it.each([
    ['no list', {}, 'no_events'],
    ['empty lists', { command_executions: [], agent_interactions: null }, 'no_events'],
    ['an array', [command], 'invalid_body'],
    ['an object instead of a list', { command_executions: command }, 'invalid_body'],
    ['a misspelt list', { command_executions: [command], agents: [agent] }, 'invalid_body'],
  ])('refuses %s', (_what, body, code) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ status: 400, code }));
  });
});
