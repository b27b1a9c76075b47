import { Problem, type ProblemError } from '../problem.js';
import { validated } from './validated.js';

/**
 * Reads a query string into a validated object. An empty parameter is not an absent one: who sends `user_id=` must
 * not be answered for everybody.
 * @throws Problem 400 `invalid_query` naming every faulty or unknown parameter
 */
export function readQuery<T extends object>(shape: new () => T, query: Readonly<Record<string, unknown>>): T {
  assertStorable(query);
  const result = validated(shape, query);
  if ('errors' in result) throw invalidQuery(result.errors);
  return result.value;
}

/**
 * PostgreSQL has no text with a NUL in it, and answers a question about one with an error.
 * @throws Problem 400 `invalid_query` naming every parameter that has one
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
  new Problem(400, 'invalid_query', 'The query is not valid', errors);
