import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Problem, type ProblemError } from '../problem/problem.js';

/**
 * Reads a query string into a validated object.
 * @throws Problem 400 `invalid_query` naming every faulty or unknown parameter
 */
export function readQuery<T extends object>(shape: new () => T, query: Readonly<Record<string, unknown>>): T {
  const present = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
  const object = plainToInstance(shape, present, { exposeDefaultValues: true });
  const errors = validateSync(object, { whitelist: true, forbidNonWhitelisted: true }).flatMap(
    ({ property, constraints }): ProblemError[] =>
      Object.entries(constraints ?? {}).map(([rule, message]) => ({
        path: property,
        message: rule === 'whitelistValidation' ? 'unknown parameter' : message,
      })),
  );
  if (errors.length > 0) throw invalidQuery(errors);
  return object;
}

export const invalidQuery = (errors: readonly ProblemError[]) =>
  new Problem(400, 'invalid_query', 'The query is not valid', errors);
