import { AGGREGATION_WINDOWS } from '#config';
import { BUILT_IN_METRICS, type MetricDefinition } from '#people';
import type { EventTypes } from '../../event-types/event-type-registry.js';
import { invalidBody } from '../../http/input/read-body.js';
import { Problem, type ProblemError } from '../../http/problem.js';
import { statisticsOf } from '../../query/aggregates/aggregates.query.js';
import { readAggregatesQuery } from '../../query/aggregates/read-aggregates-query.js';

const NAME = /^[a-z][a-z0-9_.-]{0,99}$/;
const FIELDS = ['type', 'measure', 'stat', 'where', 'group_by'];

/** Whether a metric can have the name. */
export const isName = (name: string) => NAME.test(name);

/** @throws Problem 400 when no metric can have the name, 409 `built_in_metric` when every organization has it */
export function assertName(name: string): void {
  if (Object.hasOwn(BUILT_IN_METRICS, name)) {
    throw new Problem(409, 'built_in_metric', `${name} is built in and cannot be changed`);
  }
  if (isName(name)) return;
  const message = 'a name is a lower-case letter followed by up to 99 of a–z, 0–9, ., _ and -';
  throw invalidBody([{ path: 'name', message }]);
}

/**
 * Reads a definition from a body. Pure.
 * @throws Problem 400 `invalid_body` naming every faulty field
 */
export function readMetricDefinition(
  body: Readonly<Record<string, unknown>>,
  types: EventTypes,
): MetricDefinition {
  const read = definitionIn(body, types);
  if ('errors' in read) throw invalidBody(read.errors);
  return read.definition;
}

/** A definition: an aggregate query with one statistic and at most one dimension; or every faulty field. Pure. */
export function definitionIn(
  body: Readonly<Record<string, unknown>>,
  types: EventTypes,
): { readonly definition: MetricDefinition } | { readonly errors: readonly ProblemError[] } {
  const { stat, ...subject } = Object.fromEntries(
    Object.entries(body).filter(([name]) => FIELDS.includes(name)),
  );
  // A day is any window: which ones the API may read does not matter to the worker.
  const raw = { ...subject, window: '1d', ...(stat === undefined ? {} : { stats: [stat] }) };
  const read = readAggregatesQuery(raw, types, AGGREGATION_WINDOWS);
  const errors = [
    ...Object.keys(body).flatMap((path) =>
      FIELDS.includes(path) ? [] : [{ path, message: 'unknown field' }],
    ),
    ...('errors' in read ? read.errors.map(asSent) : []),
    ...faultsOfMetric(body),
  ];
  if ('errors' in read || errors.length > 0) return { errors };
  const { query } = read;
  const { type, measure = null, where, group_by } = query;
  return { definition: { type, measure, stat: statisticsOf(query)[0]!, where, group_by } };
}

/** Faults of a query that is one figure per day. */
function faultsOfMetric({ measure, stat, group_by }: Readonly<Record<string, unknown>>): ProblemError[] {
  return [
    ...(measure !== undefined && stat === undefined
      ? [{ path: 'stat', message: 'stat is required with a measure' }]
      : []),
    ...(Array.isArray(group_by) && group_by.length > 1
      ? [{ path: 'group_by', message: 'a metric has at most one dimension' }]
      : []),
  ];
}

/** Names the one statistic as the body does. */
const asSent = ({ path, message, ...error }: ProblemError): ProblemError => ({
  ...error,
  path: path.replace(/^stats$/, 'stat'),
  message: message.replace(/\bstats\b/, 'stat'),
});
