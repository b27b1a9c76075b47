import { isUtf8 } from 'node:buffer';
import { Problem, type ProblemError } from '../problem.js';
import { validated } from './validated.js';

/** The costliest JSON of this size takes 20 ms to parse. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads and validates a JSON body; an absent body counts as `{}`.
 * @param body decompressed bytes
 * @param faultsIn finds what decorators cannot, such as values over a limit from the settings; gets the unchecked body
 * @throws Problem 400 `malformed_json` or `invalid_body` naming every faulty or unknown field, 413 `body_too_large`
 */
export function readBody<T extends object>(
  shape: new () => T,
  body: unknown,
  faultsIn: (raw: Readonly<Record<string, unknown>>) => readonly ProblemError[] = () => [],
): T {
  const raw = readObject(body);
  const result = validated(shape, raw);
  const faults = [...('errors' in result ? result.errors : []), ...faultsIn(raw)];
  if ('errors' in result || faults.length > 0) throw invalidBody(faults);
  return result.value;
}

export const invalidBody = (errors: readonly ProblemError[]) =>
  new Problem(400, 'invalid_body', 'The body is invalid', errors);

/**
 * Parses a body as a JSON object without checking its fields; an absent body counts as `{}`.
 * @throws Problem as `readBody`
 */
export function readObject(body: unknown): Record<string, unknown> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (bytes.length === 0) return {};
  if (bytes.length > MAX_BYTES) throw new Problem(413, 'body_too_large', 'The body is over 64 KiB');
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody([{ path: '', message: 'must be an object' }]);
  }
  return value as Record<string, unknown>;
}

function parse(bytes: Buffer): unknown {
  const malformed = (detail: string) => new Problem(400, 'malformed_json', detail);
  if (!isUtf8(bytes)) throw malformed('The body is not UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw malformed((error as Error).message);
  }
}
