import { isQuery } from './is-query.js';

it.each([
  ['GET', '/v1/events'],
  ['GET', '/v1/users/:id/summary'],
  ['GET', '/v1/reports'],
  ['GET', '/api/metrics/dashboard'],
  ['GET', '/api/v1/reports/summary'],
  ['GET', '/api/analytics/reports/dau'],
  ['POST', '/v1/query'],
  ['POST', '/api/metrics/query'],
])('%s %s is a query', (method, route) => {
  expect(isQuery(route, method)).toBe(true);
});

it.each([
  ['POST', '/v1/events'],
  ['OPTIONS', '/v1/events'],
  ['GET', '/v1/exports/events.csv'],
  ['GET', '/v1/exports/:id/file'],
  ['GET', '/api/metrics/export/json'],
  ['GET', '/api/analytics/reports/events'],
  ['GET', '/v1/live/events'],
  ['GET', '/health/ready'],
  ['GET', '/metrics'],
  ['GET', 'unmatched'],
])('%s %s is none', (method, route) => {
  expect(isQuery(route, method)).toBe(false);
});
