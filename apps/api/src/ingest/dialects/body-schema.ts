import type { EventType, JsonSchema } from '#catalog';
import { MAX_ID, MAX_NAME } from '../validate/validate-event.js';
import type { Dialect } from './dialect.js';

const instant: JsonSchema = {
  type: 'string',
  format: 'date-time',
  description: 'RFC 3339; the time of receipt when absent.',
};
const name: JsonSchema = { type: 'string', minLength: 1, maxLength: MAX_NAME };

/** Fields that several dialects share. */
export const field = {
  instant,
  id: {
    type: 'string',
    minLength: 1,
    maxLength: MAX_ID,
    description: 'Events with the same id and instant count once.',
  },
  userId: name,
  userUuid: { type: 'string', format: 'uuid' },
  sessionId: name,
} as const;

/** A native event. */
export const nativeEventSchema: JsonSchema = {
  type: 'object',
  properties: {
    id: field.id,
    ts: instant,
    type: { type: 'string', description: 'A type of the catalog.' },
    user_id: field.userId,
    session_id: field.sessionId,
    src: { ...name, description: 'Where the event comes from, for instance `web`.' },
    payload: { type: 'object', description: 'Validated by the schema of the type.' },
  },
  required: ['type'],
};

export const nativeExample = { type: 'page_view', payload: { page: '/' } };

/** A dialect's flat object: the payload fields of a type and the fields of the dialect. */
export function flatSchema(
  type: EventType,
  own: JsonSchema,
  ownRequired: readonly string[] = [],
): JsonSchema {
  const { properties, required } = type.schema as { properties: JsonSchema; required?: readonly string[] };
  return {
    type: 'object',
    properties: { ...own, ...properties, id: field.id },
    required: [...ownRequired, ...(required ?? [])],
    additionalProperties: true,
  };
}

/** An example of a dialect's flat object: the fields of the dialect, then the example of the type. */
export const flatExample = (type: EventType, own: object = {}): object => ({
  ...own,
  ...(type.schema.examples as readonly object[])[0],
});

/** `bodies` of a dialect that accepts JSON. */
export const jsonBody = (schema: JsonSchema, example: unknown): Dialect['bodies'] => ({
  'application/json': { schema, example },
});

/** `bodies` with one JSON object per line. */
export const lineBodies = (mediaTypes: readonly string[], example: unknown): Dialect['bodies'] =>
  Object.fromEntries(
    mediaTypes.map((mediaType) => [
      mediaType,
      {
        schema: { type: 'string', description: 'One event per line.' },
        example: `${JSON.stringify(example)}\n`,
      },
    ]),
  );

/** One of these, an array of them, or an array in an envelope. */
export function oneOrMany(item: JsonSchema, envelope?: string): JsonSchema {
  const many = { type: 'array', items: item, minItems: 1 };
  if (envelope === undefined) return { oneOf: [item, many] };
  return {
    oneOf: [item, many, { type: 'object', properties: { [envelope]: many }, required: [envelope] }],
  };
}
