import { decodeAll, successOf } from '../../../../../test/support/ingest-request.js';
import { analyticsIngestDialect } from './analytics-ingest.dialect.js';

const event = {
  ts: '2024-01-01T12:00:00.000Z',
  user_id: 'u1',
  type: 'page_view',
  src: 'web',
  payload: { page: '/' },
};

describe('POST /api/analytics/ingest', () => {
  it.each([
    ['one event', event, [event]],
    ['an array', [event, event], [event, event]],
  ])('accepts %s', (_what, body, expected) => {
    expect(decodeAll(analyticsIngestDialect, body)).toEqual(expected);
  });

  it('accepts all or nothing, and answers with the count', () => {
    expect(analyticsIngestDialect.acceptance).toBe('all');
    expect(successOf(analyticsIngestDialect, [event, event])).toEqual([200, { ingested: 2 }]);
  });
});
