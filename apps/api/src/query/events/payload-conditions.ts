import type { ProblemError } from '../../http/problem.js';
import type { PayloadCondition } from './event-filter.js';

/** Conditions of one query. */
export const MAX_CONDITIONS = 8;

const FIELD = /^payload\.(.+)$/s;

/** Names in `where` that are no field of the payload, and too many of them. Pure. */
export function conditionFaults(where: unknown): ProblemError[] {
  const names = typeof where === 'object' && where !== null ? Object.keys(where) : [];
  const faults = names
    .filter((name) => !FIELD.test(name))
    .map((name) => ({
      path: `where[${name}]`,
      message: 'expected a field of the payload, such as payload.page',
    }));
  if (names.length <= MAX_CONDITIONS) return faults;
  return [...faults, { path: 'where', message: `a query has at most ${MAX_CONDITIONS} conditions` }];
}

/** The conditions of a `where` without faults. Pure. */
export const payloadConditions = (where: Readonly<Record<string, string | null>>): PayloadCondition[] =>
  Object.entries(where).map(([name, value]) => ({ path: FIELD.exec(name)![1]!, value }));
