import type { JsonSchema } from '#catalog';

export const text: JsonSchema = { type: 'string' };
export const uuid: JsonSchema = { type: 'string', format: 'uuid' };
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const flag: JsonSchema = { type: 'boolean' };
/** A JSON object of any shape. */
export const anyObject: JsonSchema = { type: 'object', additionalProperties: true };

export const oneOf = (values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
export const nullable = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema.type, 'null'] });
export const described = (schema: JsonSchema, description: string): JsonSchema => ({
  ...schema,
  description,
});

/**
 * Schema of a response object. The compiler ensures that it has every field of `T`.
 * @param title its name in generated clients
 * @param optional fields that may be absent
 */
export function record<T>(
  title: string,
  properties: { readonly [K in keyof T]-?: JsonSchema },
  optional: readonly (keyof T)[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name as keyof T));
  return { title, type: 'object', properties, required };
}

/** Schema of a list response. */
export const pageSchema = (item: JsonSchema): JsonSchema =>
  record<{ data: unknown; next_cursor: unknown }>(`${item.title as string}Page`, {
    data: listOf(item),
    next_cursor: described(nullable(text), '`cursor` for the next page; null on the last page.'),
  });
