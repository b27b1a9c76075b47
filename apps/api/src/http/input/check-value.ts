import { isUtf8 } from 'node:buffer';
import { Fault, pointerStep } from './fault.js';

const MAX_DEPTH = 32;
const LOSES_DIGITS =
  'numbers from 2^53 on lose digits: send a smaller one, or a string where the field allows it';

/** Which checks the raw bytes call for. */
export interface Suspicions {
  readonly unicode: boolean;
}

export const ALL_SUSPICIONS: Suspicions = { unicode: true };

/**
 * Searches the body for the only bytes that can produce a NUL or a lone surrogate: two native searches instead of two
 * per string.
 */
export function suspicionsOf(body: Buffer): Suspicions {
  return { unicode: body.includes('\\u') || !isUtf8(body) };
}

/**
 * Checks a JSON value for content that PostgreSQL or our arithmetic would change: NUL, lone surrogates, unsafe numbers,
 * forbidden keys, deep nesting.
 * @param path JSON pointer of the value
 * @returns the first fault, or null
 */
export function checkValue(value: unknown, path: string, suspicions: Suspicions, depth = 1): Fault | null {
  switch (typeof value) {
    case 'number':
      return checkNumber(value, path);
    case 'string':
      return suspicions.unicode ? checkText(value, path) : null;
    case 'object':
      return value === null ? null : checkChildren(value, path, suspicions, depth);
    default:
      return null;
  }
}

function checkChildren(value: object, path: string, suspicions: Suspicions, depth: number): Fault | null {
  if (depth > MAX_DEPTH) return new Fault('too_deep', path, `nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = checkValue(value[i], path, suspicions, depth + 1);
      if (fault) return at(fault, path, pointerStep(i));
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    const keyFault = checkKey(key, path, suspicions);
    if (keyFault) return keyFault;
    const child = (value as Record<string, unknown>)[key];
    if (typeof child === 'string' && !suspicions.unicode) continue;
    const fault = checkValue(child, path, suspicions, depth + 1);
    if (fault) return at(fault, path, pointerStep(key));
  }
  return null;
}

/** Builds the pointer only when there is a fault; during the walk, children get their parent's path. */
const at = (fault: Fault, path: string, step: string) =>
  new Fault(fault.code, path + step + fault.path.slice(path.length), fault.message);

function checkKey(key: string, path: string, suspicions: Suspicions): Fault | null {
  if (isForbiddenKey(key))
    return new Fault('forbidden_key', path + pointerStep(key), 'this key is not allowed');
  return suspicions.unicode ? checkText(key, path) : null;
}

/** Keys that can reach a prototype. */
export function isForbiddenKey(key: string): boolean {
  // The length alone rules out nearly every key.
  if (key.length !== 9 && key.length !== 11) return false;
  return key === '__proto__' || key === 'prototype' || key === 'constructor';
}

/** @returns a fault when the text contains a NUL or a lone surrogate, which jsonb and UTF-8 cannot represent */
export function checkText(text: string, path: string): Fault | null {
  if (text.includes('\0')) return new Fault('invalid_unicode', path, 'NUL characters are not allowed');
  return text.isWellFormed()
    ? null
    : new Fault('invalid_unicode', path, 'contains a lone surrogate, or bytes that are not UTF-8');
}

function checkNumber(value: number, path: string): Fault | null {
  if (!Number.isFinite(value)) return new Fault('number_out_of_range', path, 'the number is not finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return new Fault('number_out_of_range', path, LOSES_DIGITS);
  }
  return null;
}
