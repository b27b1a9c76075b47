import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { ProblemError } from '../problem.js';

/** Deeper than any shape; of some thousands of levels class-transformer overflows the stack. */
const MAX_DEPTH = 32;
const UNKNOWN_NAME = 'there is no such name';

/** What a caller gave, as an object of the wanted shape, or what is wrong with it. */
export type Validated<T> = { readonly value: T } | { readonly errors: readonly ProblemError[] };

/**
 * Validates against the class-validator rules of `shape`; a name it does not know is a fault, too.
 * @returns every fault, or the first that the rules cannot be asked about
 */
export function validated<T extends object>(
  shape: new () => T,
  given: Readonly<Record<string, unknown>>,
): Validated<T> {
  const unreadable = unreadableIn(given, '', 1);
  if (unreadable) return { errors: [unreadable] };
  const value = plainToInstance(shape, given, { exposeDefaultValues: true });
  const errors = problemErrors(validateSync(value, { whitelist: true, forbidNonWhitelisted: true }), '');
  return errors.length > 0 ? { errors } : { value };
}

/**
 * Finds a name that every object inherits: class-validator takes it for known, class-transformer drops some and
 * calls whatever stands under `constructor`.
 */
function unreadableIn(value: unknown, path: string, depth: number): ProblemError | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return { path, message: `nested deeper than ${MAX_DEPTH} levels` };
  for (const [name, child] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (name in Object.prototype) return { path: place, message: UNKNOWN_NAME };
    const fault = unreadableIn(child, place, depth + 1);
    if (fault) return fault;
  }
  return null;
}

/** @param within path of the object that they are about, with a dot behind it */
function problemErrors(faults: readonly ValidationError[], within: string): ProblemError[] {
  return faults.flatMap((fault) => [
    ...messagesOf(fault).map((message) => ({ path: within + fault.property, message })),
    ...problemErrors(fault.children ?? [], `${within}${fault.property}.`),
  ]);
}

function messagesOf({ property, value, constraints = {} }: ValidationError): string[] {
  if ('whitelistValidation' in constraints) return [UNKNOWN_NAME];
  const messages = Object.values(constraints);
  // Of an absent value every rule complains, and none says why.
  return value === undefined && messages.length > 0 ? [`${property} is required`] : messages;
}
