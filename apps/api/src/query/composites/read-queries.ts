import { isText } from '../../http/input/is-text.js';
import type { ProblemError } from '../../http/problem.js';

const MAX_QUERIES = 20;
const LONGEST_NAME = 256;

/** A query of a request, and the name of its answer. */
export interface NamedQuery {
  readonly name: string;
  /** Its parameters, not checked. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Splits the body of a request into queries. Pure. */
export function readQueries(body: Readonly<Record<string, unknown>>): {
  readonly queries: readonly NamedQuery[];
  readonly errors: readonly ProblemError[];
} {
  const { queries, ...others } = body;
  const errors: ProblemError[] = Object.keys(others).map((path) => ({ path, message: 'unknown field' }));
  if (!Array.isArray(queries) || queries.length === 0 || queries.length > MAX_QUERIES) {
    errors.push({ path: 'queries', message: `queries must be a list of 1 to ${MAX_QUERIES} queries` });
    return { queries: [], errors };
  }
  const named = queries.map((query: unknown, i): NamedQuery => {
    if (typeof query !== 'object' || query === null || Array.isArray(query)) {
      errors.push({ path: `queries/${i}`, message: 'must be an object' });
      return { name: '', raw: {} };
    }
    const { name, ...raw } = query as Record<string, unknown>;
    if (isText(name, LONGEST_NAME)) return { name, raw };
    errors.push({
      path: `queries/${i}/name`,
      message: `name must be text of 1 to ${LONGEST_NAME} characters`,
    });
    return { name: '', raw };
  });
  return { queries: named, errors };
}
