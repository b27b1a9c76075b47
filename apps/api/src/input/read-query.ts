import { Problem, type ProblemError } from '../problem/problem.js';
import { validated } from './validated.js';

/**
 * Reads a query string into a validated object; an empty parameter counts as absent.
 * @throws Problem 400 `invalid_query` naming every faulty or unknown parameter
 */
export function readQuery<T extends object>(shape: new () => T, query: Readonly<Record<string, unknown>>): T {
  const present = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const result = validated(shape, present);
  if ('errors' in result) throw invalidQuery(result.errors);
  return result.value;
}

export const invalidQuery = (errors: readonly ProblemError[]) =>
  new Problem(400, 'invalid_query', 'The query is not valid', errors);
