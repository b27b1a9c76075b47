import type { EventType } from '#catalog';
import type { WindowName } from '#config';
import type { ProblemError } from '../../http/problem.js';
import { type AggregatesQuery, statisticsOf } from './aggregates.query.js';

/** Windows that are made of others. */
const COMPOSED: readonly string[] = ['1w', '1mo'];

/**
 * Every parameter of a query that does not fit its event type or this server. Pure.
 * @param kept windows that may be read
 */
export function faultsInQuery(
  query: AggregatesQuery,
  type: EventType,
  kept: readonly WindowName[],
): ProblemError[] {
  const statistics = [...statisticsOf(query), ...(query.order_by ? [query.order_by.replace('-', '')] : [])];
  const faults: ProblemError[] = [];
  if (query.measure !== undefined && !type.measures.includes(query.measure)) {
    faults.push({ path: 'measure', message: `measure ${oneOf(type.measures)}` });
  }
  for (const name of query.group_by.filter((name) => !type.dimensions.includes(name))) {
    const message = `${name} is not a dimension of ${type.name}: it ${oneOf(type.dimensions)}`;
    faults.push({ path: 'group_by', message });
  }
  for (const name of Object.keys(query.where).filter((name) => !type.dimensions.includes(name))) {
    faults.push({ path: `where[${name}]`, message: `the dimension ${oneOf(type.dimensions)}` });
  }
  if (query.measure === undefined && statistics.some((statistic) => statistic !== 'count')) {
    const path = statisticsOf(query).every((statistic) => statistic === 'count') ? 'order_by' : 'stats';
    faults.push({ path, message: 'without a measure the only statistic is count' });
  }
  if (query.rest && query.order_by === undefined) {
    faults.push({ path: 'rest', message: 'rest needs order_by' });
  }
  if (!COMPOSED.includes(query.window) && !(kept as readonly string[]).includes(query.window)) {
    faults.push({ path: 'window', message: `this server keeps the windows ${kept.join(', ')}` });
  }
  return faults;
}

const oneOf = (names: readonly string[]) =>
  names.length > 0 ? `must be one of ${names.join(', ')}` : 'does not apply: the type has none';
