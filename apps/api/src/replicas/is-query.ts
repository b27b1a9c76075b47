/** Answers whose length and duration depend on the client: downloads, and updates that never end. */
const STREAMS = /\/(exports?|live)(\/|$)|^\/api\/analytics\/reports\/events$|^\/v1\/reports\/.+$/;

/**
 * Whether requests of a route are queries: reads of an organization's data, answered at once. Pure.
 * @param route template of the path
 */
export function isQuery(route: string, method: string): boolean {
  if (method === 'POST') return route === '/v1/query' || route === '/api/metrics/query';
  return method === 'GET' && /^\/(v1|api)\//.test(route) && !STREAMS.test(route);
}
