import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { ProblemError } from '../problem.js';

/** Deeper than any shape. class-transformer overflows the stack at a few thousand levels. */
const MAX_DEPTH = 32;
const UNKNOWN_FIELD = 'unknown field';

/** The validated object, or its faults; the object only to check fields that have no fault. */
export type Validated<T> =
  | { readonly value: T }
  | { readonly errors: readonly ProblemError[]; readonly faulty?: T };

/**
 * Validates with the class-validator rules of `shape`; unknown fields are faults.
 * @returns all faults; only the first when it concerns a name or depth that class-validator cannot handle
 */
export function validated<T extends object>(
  shape: new () => T,
  given: Readonly<Record<string, unknown>>,
): Validated<T> {
  const inherited = inheritedNameIn(given, '', 1);
  if (inherited) return { errors: [inherited] };
  const value = plainToInstance(shape, given, { exposeDefaultValues: true });
  const errors = problemErrors(validateSync(value, { whitelist: true, forbidNonWhitelisted: true }), '');
  return errors.length > 0 ? { errors, faulty: value } : { value };
}

/**
 * Finds names that every object inherits: class-validator treats them as known, class-transformer drops some and calls
 * the value of `constructor`.
 */
function inheritedNameIn(value: unknown, path: string, depth: number): ProblemError | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return { path, message: `nested deeper than ${MAX_DEPTH} levels` };
  for (const [name, child] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (name in Object.prototype) return { path: place, message: UNKNOWN_FIELD };
    const fault = inheritedNameIn(child, place, depth + 1);
    if (fault) return fault;
  }
  return null;
}

/** @param within path of the enclosing object, ending in a dot */
function problemErrors(faults: readonly ValidationError[], within: string): ProblemError[] {
  return faults.flatMap((fault) => [
    ...messagesOf(fault).map((message) => ({ path: within + fault.property, message })),
    ...problemErrors(fault.children ?? [], `${within}${fault.property}.`),
  ]);
}

function messagesOf({ property, value, constraints = {} }: ValidationError): string[] {
  if ('whitelistValidation' in constraints) return [UNKNOWN_FIELD];
  const messages = Object.values(constraints);
  // An absent value fails every rule, and none of the messages says that it is absent.
  return value === undefined && messages.length > 0 ? [`${property} is required`] : messages;
}
