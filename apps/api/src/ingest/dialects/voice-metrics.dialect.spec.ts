import { decodeAll, decodeOne, plain } from '../../../../../test/support/ingest-request.js';
import { voiceMetricsDialect } from './voice-metrics.dialect.js';

const facts = {
  talked_time: 95,
  microphone_used: true,
  speaker_used: false,
  voice_sentiment: 'positive',
  device_type: 'mobile',
};
const stretch = { ...facts, user_id: 17, session_id: 's1', timestamp: '2026-11-22T09:00:00Z' };

describe('POST /api/user-metrics', () => {
  it('maps a stretch of a session', () => {
    expect(plain(decodeOne(voiceMetricsDialect, stretch))).toEqual({
      type: 'voice_metric',
      ts: '2026-11-22T09:00:00Z',
      user_id: '17',
      session_id: 's1',
      payload: facts,
    });
  });

  it('accepts many stretches, with numeric and text user ids', () => {
    const events = decodeAll(voiceMetricsDialect, [stretch, { ...stretch, user_id: 'u1' }]);
    expect(events).toMatchObject([{ user_id: '17' }, { user_id: 'u1' }]);
  });

  it('leaves numbers that are not ids to the validator', () => {
    expect(decodeOne(voiceMetricsDialect, { ...stretch, user_id: 1.5 }).user_id).toBe(1.5);
    expect(decodeOne(voiceMetricsDialect, { ...stretch, user_id: 2 ** 53 }).user_id).toBe(2 ** 53);
  });

  it.each(['user_id', 'session_id'])('refuses a stretch without %s', (name) => {
    expect(decodeAll(voiceMetricsDialect, { ...stretch, [name]: null })).toEqual([
      { code: 'schema_violation', path: `/${name}`, message: 'is required' },
    ]);
  });

  it('names fields as the client does', () => {
    const event = decodeOne(voiceMetricsDialect, stretch);
    expect(voiceMetricsDialect.clientPath!('/payload/talked_time', event)).toBe('/talked_time');
    expect(voiceMetricsDialect.clientPath!('/ts', event)).toBe('/timestamp');
  });
});
