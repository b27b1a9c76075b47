import type { EventType, JsonSchema } from '#catalog';

const instant: JsonSchema = {
  type: 'string',
  format: 'date-time',
  description: 'RFC 3339; the time of receipt when absent.',
};
const identifier: JsonSchema = { type: 'string', minLength: 1, maxLength: 128 };

/** Fields that several dialects share. */
export const field = {
  instant,
  id: { ...identifier, description: 'Events with the same id and instant count once.' },
  userId: { type: 'string', maxLength: 128 },
  userUuid: { type: 'string', format: 'uuid' },
  sessionId: { type: 'string', maxLength: 128 },
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
    src: { type: 'string', description: 'Where the event comes from, for instance `web`.' },
    payload: { type: 'object', description: "As the type's schema says." },
  },
  required: ['type'],
};

/** A dialect's flat object: a type's payload fields with the dialect's own beside them. */
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

/** One of these, an array of them, or an array in an envelope. */
export function oneOrMany(item: JsonSchema, envelope?: string): JsonSchema {
  const many = { type: 'array', items: item, minItems: 1 };
  if (envelope === undefined) return { oneOf: [item, many] };
  return {
    oneOf: [item, many, { type: 'object', properties: { [envelope]: many }, required: [envelope] }],
  };
}
