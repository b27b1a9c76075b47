import type { JsonSchema } from '#catalog';
import { ALL_SUSPICIONS, checkValue } from '../ingest/validation/check-value.js';
import { Fault, pointerStep } from '../ingest/validation/fault.js';
import { checkPattern } from './check-pattern.js';

export const MAX_SCHEMA_BYTES = 32 * 1024;
/** Schemas, keywords and listed values, references written out: bounds what compiling and one event can cost. */
const MAX_NODES = 1000;
export const FORMATS = ['date-time', 'uuid'];
const LOCAL_REFERENCE = /^#\/\$defs\/([^/~%]+)$/;

/** Keywords by what their value is made of. `uniqueItems` is not here: it compares every item with every other. */
const KEYWORDS = {
  value: [
    ...['$schema', '$comment', 'title', 'description', 'examples', 'default'],
    ...['deprecated', 'readOnly', 'writeOnly', 'type', 'enum', 'const', 'required', 'dependentRequired'],
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
    ...['minLength', 'maxLength', 'pattern', 'format', 'minItems', 'maxItems', 'minContains', 'maxContains'],
    ...['minProperties', 'maxProperties', '$ref'],
  ],
  schema: [
    ...['items', 'contains', 'additionalProperties', 'propertyNames'],
    ...['not', 'if', 'then', 'else'],
  ],
  list: ['prefixItems', 'allOf', 'anyOf', 'oneOf'],
  map: ['properties', 'patternProperties', '$defs'],
} as const;
const KIND_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(KEYWORDS).flatMap(([kind, keywords]) => keywords.map((keyword) => [keyword, kind])),
);

/**
 * Holds an organization's JSON Schema against what we are willing to compile and to run on every event. That it
 * is a schema at all is left to its meta-schema. Pure.
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

  constructor(private readonly root: JsonSchema) {}

  /** @param references that have led here */
  walk(schema: unknown, path: string, references: readonly string[]): Fault | null {
    if (!isObject(schema)) return this.countNodes(schema, path);
    for (const [keyword, value] of Object.entries(schema)) {
      const place = path + pointerStep(keyword);
      const fault =
        this.countNodes(null, path) ??
        this.walkKeyword(keyword, value, place, references) ??
        this.checkText(keyword, value, place, references);
      if (fault) return fault;
    }
    return null;
  }

  private walkKeyword(keyword: string, value: unknown, path: string, references: readonly string[]) {
    const kind = KIND_OF.get(keyword);
    if (kind === undefined) return refused(path, `the keyword ${keyword} is not taken`);
    if (kind === 'value') return this.countNodes(value, path);
    if (kind === 'schema') return this.walk(value, path, references);
    // Whether it is a list or a map is for the meta-schema to say.
    for (const [key, child] of Object.entries(Object(value))) {
      const fault = this.walk(child, path + pointerStep(key), references);
      if (fault) return fault;
    }
    return null;
  }

  private checkText(keyword: string, value: unknown, path: string, references: readonly string[]) {
    if (keyword === 'patternProperties') {
      return firstFault(Object.keys(Object(value)), (key) => patternFault(key, path + pointerStep(key)));
    }
    if (typeof value !== 'string') return null;
    if (keyword === 'pattern') return patternFault(value, path);
    if (keyword === 'format' && !FORMATS.includes(value)) {
      return refused(path, `format is one of ${FORMATS.join(', ')}`);
    }
    return keyword === '$ref' ? this.follow(value, path, references) : null;
  }

  private follow(reference: string, path: string, references: readonly string[]): Fault | null {
    const name = LOCAL_REFERENCE.exec(reference)?.[1];
    const definitions = this.root.$defs;
    if (name === undefined || !isObject(definitions) || !Object.hasOwn(definitions, name)) {
      return refused(path, 'a reference leads to "#/$defs/<name>" of the same schema');
    }
    if (references.includes(name)) return refused(path, 'a schema must not contain itself');
    return this.walk(definitions[name], path, [...references, name]);
  }

  /** Counts a value with all that is in it. */
  private countNodes(value: unknown, path: string): Fault | null {
    this.nodes++;
    if (this.nodes > MAX_NODES) {
      return refused(path, `a schema has at most ${MAX_NODES} keywords and values, references written out`);
    }
    if (typeof value !== 'object' || value === null) return null;
    return firstFault(Object.values(value), (child) => this.countNodes(child, path));
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
