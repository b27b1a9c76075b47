import type { JsonSchema } from '#catalog';
import { ALL_SUSPICIONS, checkValue } from '../http/input/check-value.js';
import { Fault, pointerStep } from '../http/input/fault.js';
import { checkPattern } from './check-pattern.js';

export const MAX_SCHEMA_BYTES = 32 * 1024;
/**
 * Keywords and subschemas, with references expanded. The costliest schema within it blocked the event loop for 95 ms on
 * a 32 KiB event, and for 36 ms when registered (two busy cores).
 */
const MAX_NODES = 300;
/** Values listed by `enum`, `required` and the like, which are checked one after the other. */
const MAX_LISTED = 1000;
export const FORMATS = ['date-time', 'uuid'];
/** The only supported dialect. Many schemas append an empty fragment, as older dialects did. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const LOCAL_REFERENCE = /^#\/\$defs\/([^/~%]+)$/;

/** Supported keywords by the kind of their value. Not `uniqueItems`: it compares every pair of items. */
const KEYWORDS = {
  note: ['$comment', 'title', 'description', 'examples', 'default', 'deprecated', 'readOnly', 'writeOnly'],
  value: [
    '$schema',
    'type',
    'enum',
    'const',
    'required',
    'dependentRequired',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'minLength',
    'maxLength',
    'pattern',
    'format',
    'minItems',
    'maxItems',
    'minContains',
    'maxContains',
    'minProperties',
    'maxProperties',
    '$ref',
  ],
  schema: ['items', 'contains', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else'],
  list: ['prefixItems', 'allOf', 'anyOf', 'oneOf'],
  map: ['properties', 'patternProperties', '$defs'],
} as const;
const KIND_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(KEYWORDS).flatMap(([kind, keywords]) => keywords.map((keyword) => [keyword, kind])),
);

/**
 * Checks that an organization's JSON Schema is safe to compile and to run on every event. The meta-schema checks that
 * it is valid. Pure.
 * @param path JSON pointer of the schema
 * @returns the first fault, or null
 */
export function checkSchema(schema: JsonSchema, path: string): Fault | null {
  const fault = checkValue(schema, path, ALL_SUSPICIONS);
  if (fault) return fault;
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES) {
    return refused(path, `a schema has at most ${MAX_SCHEMA_BYTES} bytes`);
  }
  return new SchemaWalk(schema).walk(schema, path, []);
}

const refused = (path: string, message: string) => new Fault('invalid_event_type', path, message);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class SchemaWalk {
  private nodes = 0;
  private listed = 0;

  constructor(private readonly root: JsonSchema) {}

  /** @param references names of the `$defs` followed so far */
  walk(schema: unknown, path: string, references: readonly string[]): Fault | null {
    const fault = this.countNode(path);
    if (fault || !isObject(schema)) return fault;
    return firstFault(Object.entries(schema), ([keyword, value]) => {
      const place = path + pointerStep(keyword);
      return (
        this.walkKeyword(keyword, value, place, references) ??
        this.checkText(keyword, value, place, references)
      );
    });
  }

  private walkKeyword(keyword: string, value: unknown, path: string, references: readonly string[]) {
    const kind = KIND_OF.get(keyword);
    if (kind === undefined) return refused(path, `the keyword ${keyword} is not supported`);
    if (kind === 'note') return null;
    if (kind === 'value') return this.countNode(path) ?? this.countListed(value, path);
    const fault = this.countNode(path);
    if (fault) return fault;
    if (kind === 'schema') return this.walk(value, path, references);
    // The meta-schema checks whether it is a list or a map.
    return firstFault(Object.entries(Object(value)), ([key, child]) =>
      this.walk(child, path + pointerStep(key), references),
    );
  }

  private checkText(keyword: string, value: unknown, path: string, references: readonly string[]) {
    if (keyword === 'patternProperties') {
      return firstFault(Object.keys(Object(value)), (key) => patternFault(key, path + pointerStep(key)));
    }
    if (keyword === 'enum' && Object.values(Object(value)).some((item) => Object(item) === item)) {
      return refused(path, 'enum may list strings, numbers, booleans and null');
    }
    if (keyword === '$schema' && value !== DIALECT && value !== `${DIALECT}#`) {
      return refused(path, `$schema must be ${DIALECT} or absent`);
    }
    if (typeof value !== 'string') return null;
    if (keyword === 'pattern') return patternFault(value, path);
    if (keyword === 'format' && !FORMATS.includes(value)) {
      return refused(path, `format must be one of ${FORMATS.join(', ')}`);
    }
    return keyword === '$ref' ? this.follow(value, path, references) : null;
  }

  private follow(reference: string, path: string, references: readonly string[]): Fault | null {
    const name = LOCAL_REFERENCE.exec(reference)?.[1];
    const definitions = this.root.$defs;
    if (name === undefined || !isObject(definitions) || !Object.hasOwn(definitions, name)) {
      return refused(path, 'a reference must point to "#/$defs/<name>" in the same schema');
    }
    if (references.includes(name)) return refused(path, 'a schema must not contain itself');
    return this.walk(definitions[name], path, [...references, name]);
  }

  private countNode(path: string): Fault | null {
    if (++this.nodes <= MAX_NODES) return null;
    return refused(path, `a schema has at most ${MAX_NODES} keywords and schemas, with references expanded`);
  }

  /** Counts the values of a list, nested ones included. */
  private countListed(value: unknown, path: string): Fault | null {
    if (typeof value !== 'object' || value === null) return null;
    const values = Object.values(value);
    this.listed += values.length;
    if (this.listed > MAX_LISTED) return refused(path, `a schema lists at most ${MAX_LISTED} values`);
    return firstFault(values, (child) => this.countListed(child, path));
  }
}

function firstFault<T>(items: readonly T[], check: (item: T) => Fault | null): Fault | null {
  for (const item of items) {
    const fault = check(item);
    if (fault) return fault;
  }
  return null;
}

function patternFault(pattern: string, path: string): Fault | null {
  const reason = checkPattern(pattern);
  return reason === null ? null : refused(path, reason);
}
