import { decodeAll, decodeOne, plain } from '../../../../../test/support/ingest-request.js';
import { agentsDialect, commandsDialect } from './development-metrics.dialect.js';

const user = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const command = { user_id: user, command_name: 'plan', execution_time_ms: 1500, status: 'success' };

describe('POST /api/metrics/commands', () => {
  it('maps a command execution and keeps its context', () => {
    const context = { session_id: 's1', branch: 'main' };
    const event = decodeOne(commandsDialect, {
      ...command,
      context,
      executed_at: '2026-11-22T09:00:00Z',
      team: 7,
    });
    expect(plain(event)).toEqual({
      type: 'command_execution',
      ts: '2026-11-22T09:00:00Z',
      user_id: user,
      session_id: 's1',
      payload: { command_name: 'plan', execution_time_ms: 1500, status: 'success', context, team: 7 },
    });
  });

  it('sets no ts when the client sends none', () => {
    expect(decodeOne(commandsDialect, command)).not.toHaveProperty('ts');
  });

  it('reads null as absent in known fields, and keeps it in others', () => {
    const event = decodeOne(commandsDialect, { ...command, context: null, executed_at: null, note: null });
    expect(plain(event)).toMatchObject({
      payload: { command_name: 'plan', execution_time_ms: 1500, status: 'success', note: null },
    });
    expect(Object.keys(event.payload as object)).not.toContain('context');
  });

  it('uses executed_at before timestamp, which stays in the payload', () => {
    const event = decodeOne(commandsDialect, { ...command, timestamp: 'b', executed_at: 'a' });
    expect(event).toMatchObject({ ts: 'a', payload: { timestamp: 'b' } });
  });

  it('accepts arrays', () => {
    expect(decodeAll(commandsDialect, [command, command])).toHaveLength(2);
  });

  it.each([['u1'], [17], [undefined], [null], [`${user}0`]])('refuses the user %p', (user_id) => {
    expect(decodeAll(commandsDialect, { ...command, user_id })).toEqual([
      { code: 'schema_violation', path: '/user_id', message: 'must be a UUID' },
    ]);
  });

  it('converts the user_id to lower case', () => {
    const upper = decodeOne(commandsDialect, { ...command, user_id: user.toUpperCase() });
    expect(upper.user_id).toBe(user);
    expect(commandsDialect.clientPath!('/payload/status', upper)).toBe('/status');
  });

  it('leaves hostile keys to the validator', () => {
    const hostile = `{"user_id":"${user}","__proto__":{"x":1},"constructor":{"prototype":1},"context":{"__proto__":1}}`;
    const payload = decodeOne(commandsDialect, hostile).payload as Record<string, object>;
    expect(Object.keys(payload)).toEqual(['__proto__', 'constructor', 'context']);
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
    expect(Object.keys(payload.context!)).toEqual(['__proto__']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('names fields as the client does', () => {
    const path = (body: object, pointer: string) =>
      commandsDialect.clientPath!(pointer, decodeOne(commandsDialect, { ...command, ...body }));
    expect(path({}, '/payload/command_name')).toBe('/command_name');
    expect(path({}, '/payload')).toBe('');
    expect(path({}, '/user_id')).toBe('/user_id');
    expect(path({ executed_at: 'x' }, '/ts')).toBe('/executed_at');
    expect(path({ ts: 'x' }, '/ts')).toBe('/ts');
    expect(path({ context: { session_id: 1 } }, '/session_id')).toBe('/context/session_id');
    expect(path({ session_id: 1 }, '/session_id')).toBe('/session_id');
  });
});

describe('POST /api/metrics/agents', () => {
  it('maps an agent interaction', () => {
    const interaction = {
      agent_name: 'reviewer',
      interaction_type: 'completion',
      execution_time_ms: 2300,
      status: 'success',
      input_tokens: 1200,
      output_tokens: 350,
    };
    expect(plain(decodeOne(agentsDialect, { user_id: user, ...interaction }))).toEqual({
      type: 'agent_interaction',
      user_id: user,
      payload: interaction,
    });
  });
});
