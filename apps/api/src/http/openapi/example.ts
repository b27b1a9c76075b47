import type { JsonSchema } from '#catalog';

/** What fields of these names have in examples; all else follows from the schema. */
const VALUES: Readonly<Record<string, unknown>> = {
  id: '01968c1e-5b0a-7c3d-9f21-4b6f0a7d2e11',
  ...{ user_id: 'user-1', external_id: 'user-1', session_id: 'session-1', name: 'Ada Lovelace' },
  ...{ email: 'ada@example.com', team: 'Engines', device: 'laptop', device_name: 'pump-7', src: 'web' },
  ...{ command_name: 'plan', agent_name: 'reviewer', metric_name: 'temperature', unit: '°C', value: 21.5 },
  ...{ measure: 'duration_ms', type: 'page_view', tz: 'Europe/Berlin', next_cursor: null },
  ...{ group: { page: '/pricing' }, payload: { page: '/pricing', duration_ms: 1250 }, count: 42 },
  ...{ p50: 180, p90: 640, p95: 910, p99: 1800, avg: 264.5, sum: 11_109, min: 12, max: 2100 },
  ...{ p50_execution_time_ms: 180, p95_execution_time_ms: 910, p99_execution_time_ms: 1800 },
  ...{ avg_execution_time_ms: 264.5, execution_time_ms: 180, error_rate: 0.05, errors: 2 },
  ...{ duration_seconds: 1840, talked_seconds: 320, talked_time: 320, total_talked_time: 5400 },
  ...{ from: '2026-01-31T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', bucket: '2026-01-31T11:00:00.000Z' },
  ...{ started_at: '2026-01-31T11:20:00.000Z', ended_at: '2026-01-31T11:50:40.000Z', revoked_at: null },
  ...{ last_seen_at: '2026-01-31T11:50:40.000Z', first_seen: '2026-01-12T09:30:00.000Z' },
  ...{ expires_at: '2027-01-31T00:00:00.000Z', within_seconds: 86_400, weeks: 8, week: 1 },
  ...{ share: 0.25, share_of_previous: 0.5, index: 1, code: 'schema_violation', path: '/payload/page' },
  ...{ message: 'must be string', public_id: 'k3v9t2m8q1', actor: 'key:k3v9t2m8q1' },
  ...{ api_key: 'mr_k3v9t2m8q1_<secret>', token: 'eyJhbGciOi…' },
};

const INSTANT = '2026-01-31T12:00:00.000Z';
const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': INSTANT,
  date: INSTANT.slice(0, 10),
  uuid: VALUES.id as string,
};

/** A body in OpenAPI: its schema, with an example. */
export const exemplified = (schema: JsonSchema) => ({ schema: { ...schema }, example: exampleOf(schema) });

/**
 * An example of a body. Pure.
 * @param name of the field with this schema
 */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  const { examples, type, items, properties } = schema as {
    readonly examples?: readonly unknown[];
    readonly type?: string | readonly string[];
    readonly items?: JsonSchema;
    readonly properties?: Readonly<Record<string, JsonSchema>>;
  };
  if (examples) return examples[0];
  const kind = [type].flat()[0];
  if (kind === 'array') return items ? [exampleOf(items)] : [];
  if (properties) {
    return Object.fromEntries(Object.entries(properties).map(([key, field]) => [key, exampleOf(field, key)]));
  }
  if (schema.enum) return (schema.enum as readonly unknown[])[0];
  return scalarOf(schema, kind, name);
}

function scalarOf({ format, maximum }: JsonSchema, kind: string | undefined, name: string): unknown {
  if (Object.hasOwn(VALUES, name)) return VALUES[name];
  if (format !== undefined) return BY_FORMAT[format as string];
  if (kind === 'string') return name;
  if (kind === 'boolean') return true;
  if (kind === 'object') return {};
  return Math.min(12, (maximum as number | undefined) ?? 12);
}
