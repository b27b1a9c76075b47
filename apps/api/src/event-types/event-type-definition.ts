import type { JsonSchema } from '#catalog';
import { checkText, isForbiddenKey } from '../http/input/check-value.js';
import { Fault, pointerStep } from '../http/input/fault.js';
import { checkSchema } from './check-schema.js';

/** An organization's definition of its own event type. */
export interface EventTypeDefinition {
  /** Schema of the payload, of type `object`. */
  readonly schema: JsonSchema;
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
}

/** Eight dimensions, each with a name and 200 bytes of value, fit a B-tree entry (2.7 kB). */
const MAX_DIMENSIONS = 8;
const MAX_MEASURES = 16;
const MAX_NAME_BYTES = 64;
const FIELDS = ['schema', 'dimensions', 'measures'];
const SCALARS = ['string', 'number', 'integer', 'boolean', 'null'];
const NUMBERS = ['number', 'integer'];

const refused = (path: string, message: string) => new Fault('invalid_event_type', path, message);

/**
 * Reads a definition from a request body. Does not check that the schema is valid JSON Schema. Pure.
 * @returns the definition or its first fault
 */
export function readDefinition(body: Readonly<Record<string, unknown>>): EventTypeDefinition | Fault {
  const { schema, dimensions = [], measures = [] } = body;
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return refused(pointerStep(unknown), 'unknown field');
  if (!isObject(schema)) return refused('/schema', 'must be a JSON Schema that is an object');
  const fault =
    checkSchema(schema, '/schema') ??
    (schema.type === 'object' ? null : refused('/schema/type', 'must be "object", as every payload is')) ??
    checkFields(schema, '/dimensions', dimensions, MAX_DIMENSIONS, SCALARS) ??
    checkFields(schema, '/measures', measures, MAX_MEASURES, NUMBERS);
  return fault ?? { schema, dimensions: dimensions as string[], measures: measures as string[] };
}

/** Checks dimensions or measures: each must be a property of the schema with one of the types. */
function checkFields(
  { properties }: JsonSchema,
  path: string,
  names: unknown,
  most: number,
  types: readonly string[],
): Fault | null {
  if (!Array.isArray(names) || names.length > most)
    return refused(path, `must be a list of at most ${most} names`);
  for (const [i, name] of (names as unknown[]).entries()) {
    const place = path + pointerStep(i);
    if (typeof name !== 'string' || name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES) {
      return refused(place, `must be a name of 1 to ${MAX_NAME_BYTES} bytes`);
    }
    const fault = checkText(name, place);
    if (fault || isForbiddenKey(name)) return fault ?? refused(place, 'this name is not allowed');
    if (names.indexOf(name) < i) return refused(place, `${name} is named twice`);
    const field = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const declared = isObject(field) ? [field.type].flat() : [];
    if (declared.length === 0 || !declared.every((type) => types.includes(type as string))) {
      return refused(place, `the schema's property ${name} must have the type ${types.join(', ')}`);
    }
  }
  return null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
