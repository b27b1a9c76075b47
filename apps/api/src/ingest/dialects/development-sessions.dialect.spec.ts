import { decodeAll, decodeOne, plain, successOf } from '../../../../../test/support/ingest-request.js';
import { sessionChangeDialect, sessionStartDialect } from './development-sessions.dialect.js';

describe('POST /api/metrics/sessions/start', () => {
  it("starts a session under the client's id and instant", () => {
    const event = decodeOne(sessionStartDialect, {
      user_id: 'u1',
      session_id: 's1',
      started_at: '2026-11-22T10:00:00+01:00',
      device_type: 'desktop',
    });
    expect(plain(event)).toEqual({
      type: 'session_start',
      user_id: 'u1',
      session_id: 's1',
      ts: '2026-11-22T10:00:00+01:00',
      payload: { device_type: 'desktop' },
    });
    expect(successOf(sessionStartDialect, [event])).toEqual([
      201,
      { session_id: 's1', started_at: '2026-11-22T09:00:00.000Z' },
    ]);
    expect(sessionStartDialect.clientPath!('/ts', event)).toBe('/started_at');
  });

  it.each([
    ['7C9E6679-7425-40DE-944B-E07FC1F90AE7', '7c9e6679-7425-40de-944b-e07fc1f90ae7'],
    ['Bob', 'Bob'],
  ])('maps the user %s to %s, as commands do', (user_id, expected) => {
    expect(decodeOne(sessionStartDialect, { user_id }).user_id).toBe(expected);
    const change = decodeOne(sessionChangeDialect, { user_id }, { params: { id: 's1' } });
    expect(change).toMatchObject({ user_id: expected, session_id: 's1' });
  });

  it.each(['', '{}'])('starts a session now under a new id for the body %j', (body) => {
    const event = decodeOne(sessionStartDialect, body);
    expect(event).toMatchObject({ session_id: expect.any(String), ts: '2026-11-22T10:00:00.000Z' });
    expect(decodeOne(sessionStartDialect, body).session_id).not.toBe(event.session_id);
  });
});

describe('PUT /api/metrics/sessions/:id', () => {
  const params = { id: 's1' };

  it.each([[''], [{}], [{ ended_at: '2026-11-22T09:00:00Z' }], [{ reason: 'logout' }], [{ duration_ms: 5 }]])(
    'ends the session with %j',
    (body) => {
      expect(decodeOne(sessionChangeDialect, body, { params })).toMatchObject({
        type: 'session_end',
        session_id: 's1',
      });
    },
  );

  it('reads ended_at as the ts', () => {
    const event = decodeOne(sessionChangeDialect, { ended_at: '2026-11-22T09:00:00Z', score: 3 }, { params });
    expect(event).toMatchObject({ ts: '2026-11-22T09:00:00Z', payload: { score: 3 } });
    expect(sessionChangeDialect.clientPath!('/ts', event)).toBe('/ended_at');
  });

  it('updates a session without ending it', () => {
    const event = decodeOne(sessionChangeDialect, { device_type: 'tablet', ended_at: null }, { params });
    expect(event).toMatchObject({
      type: 'session_update',
      session_id: 's1',
      payload: { device_type: 'tablet' },
    });
  });

  it('refuses a body that is not an object', () => {
    expect(decodeAll(sessionChangeDialect, '[]', { params })).toMatchObject([{ code: 'invalid_event' }]);
  });
});
