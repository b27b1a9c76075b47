import type { EventType } from '#catalog';
import type { WindowName } from '#config';
import type { EventTypes } from '../../event-types/event-type-registry.js';
import { validated } from '../../http/input/validated.js';
import type { ProblemError } from '../../http/problem.js';
import { AggregatesQuery } from './aggregates.query.js';
import { faultsInQuery } from './faults-in-query.js';

type Read =
  | { readonly query: AggregatesQuery; readonly type: EventType }
  | { readonly errors: readonly ProblemError[] };

/**
 * Checks the parameters of an aggregate query, all faults at once. Pure.
 * @param raw parameters as sent, with conditions in `where`
 * @param kept windows that may be read
 */
export function readAggregatesQuery(
  raw: Readonly<Record<string, unknown>>,
  types: EventTypes,
  kept: readonly WindowName[],
): Read {
  const result = validated(AggregatesQuery, raw);
  const query = 'value' in result ? result.value : result.faulty;
  const errors = 'errors' in result ? result.errors.map(withBrackets) : [];
  if (!query) return { errors };
  const isFaulty = (name: string) => errors.some(({ path }) => path.split(/[.[]/, 1)[0] === name);
  if (isFaulty('type')) return { errors };
  const type = types.get(query.type)?.type;
  if (!type) return { errors: [...errors, { path: 'type', message: unknownType(query.type) }] };
  // A parameter of the wrong kind is not looked at again.
  const sound = new AggregatesQuery();
  for (const name of Object.keys(query)) {
    if (!isFaulty(name)) Object.assign(sound, { [name]: query[name as keyof AggregatesQuery] });
  }
  errors.push(...faultsInQuery(sound, type, kept));
  return errors.length > 0 ? { errors } : { query, type };
}

/** Names conditions as the query string does. */
const withBrackets = (error: ProblemError): ProblemError => ({
  ...error,
  path: error.path.replace(/^where\.(.+)$/, 'where[$1]'),
});

const unknownType = (name: string) => `unknown event type ${name}: GET /v1/event-types lists them`;
