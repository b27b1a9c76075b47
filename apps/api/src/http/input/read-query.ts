import { Problem, type ProblemError } from '../problem.js';
import { validated } from './validated.js';

/**
 * Reads and validates a query string. An empty parameter is not absent: `user_id=` must not return everyone's data.
 * @throws Problem 400 `invalid_query` naming every faulty or unknown parameter
 */
export function readQuery<T extends object>(shape: new () => T, query: Readonly<Record<string, unknown>>): T {
  assertStorable(query);
  const result = validated(shape, query);
  if ('errors' in result) throw invalidQuery(result.errors);
  return result.value;
}

/**
 * For routes without parameters: one that is ignored would seem to have been heeded.
 * @throws Problem 400 `invalid_query` naming every parameter
 */
export function refuseParameters(query: Readonly<Record<string, unknown>>): void {
  const errors = Object.keys(query).map((path) => ({ path, message: 'unknown field' }));
  if (errors.length > 0) throw invalidQuery(errors);
}

/**
 * Refuses NUL characters, which PostgreSQL's text cannot contain.
 * @throws Problem 400 `invalid_query` naming every parameter with one
 */
export function assertStorable(query: Readonly<Record<string, unknown>>): void {
  const faulty = Object.entries(query).filter(([, value]) =>
    [value].flat().some((text) => typeof text === 'string' && text.includes('\0')),
  );
  if (faulty.length > 0) {
    throw invalidQuery(faulty.map(([path]) => ({ path, message: 'must not contain a NUL character' })));
  }
}

export const invalidQuery = (errors: readonly ProblemError[]) =>
  new Problem(400, 'invalid_query', 'The query is invalid', errors);
