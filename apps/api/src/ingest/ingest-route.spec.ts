import type { Dialect } from './dialects/dialect.js';
import { nativeSuccess } from './dialects/native-success.js';
import { routesOf } from './ingest-route.js';

const dialect: Dialect = {
  path: '/lines',
  summary: 'Accepts lines.',
  bodies: { 'text/plain': { schema: { type: 'string' }, example: '/' } },
  limit: 'batch',
  decode: () => [],
};
const answersOf = (own: Partial<Dialect>) => {
  const { success, partialSuccess } = routesOf({ ...dialect, ...own })[0]!;
  return { success, partialSuccess };
};

describe('the answers of a route', () => {
  const silent = { status: 204, description: 'Accepted.' };
  const telling = { status: 200, description: 'Accepted.', render: () => ({ body: 'ok' }) };

  it('are the native ones, unless the dialect has its own', () => {
    expect(answersOf({})).toEqual({ success: nativeSuccess, partialSuccess: nativeSuccess });
    expect(answersOf({ success: telling })).toEqual({ success: telling, partialSuccess: telling });
    expect(answersOf({ partialSuccess: telling })).toEqual({
      success: nativeSuccess,
      partialSuccess: telling,
    });
  });

  it('name rejected events, although the answer to a full success has no body', () => {
    expect(answersOf({ success: silent })).toEqual({ success: silent, partialSuccess: nativeSuccess });
  });
});
