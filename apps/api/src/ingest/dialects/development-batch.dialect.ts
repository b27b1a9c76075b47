import { Problem } from '../../http/problem.js';
import { parseJson, UnparsedEvent } from '../decode/parse-json.js';
import { field, flatSchema, jsonBody } from './body-schema.js';
import {
  developmentEvent,
  developmentExample,
  developmentFields,
  developmentMappings,
} from './development-event.js';
import { type Dialect } from './dialect.js';
import { checkCount, eachEvent } from './event-list.js';
import { isJsonObject, type JsonObject, ownField } from './json-object.js';
import { type Mapping, mappedPath } from './map-event.js';

/** The lists of a batch, in the order in which rejections number their events. */
const lists: Readonly<Record<string, Mapping>> = {
  command_executions: developmentMappings.command,
  agent_interactions: developmentMappings.agent,
  productivity_metrics: developmentMappings.productivity,
};

function listOf(body: JsonObject, name: string): readonly unknown[] {
  const list = ownField(body, name) ?? [];
  if (!Array.isArray(list)) throw new Problem(400, 'invalid_body', `"${name}" must be an array.`);
  return list;
}

function parseBatch(body: Buffer, maxEvents: number): JsonObject {
  const batch = parseJson(body, maxEvents, Object.keys(lists));
  if (!isJsonObject(batch) || batch instanceof UnparsedEvent)
    throw new Problem(400, 'invalid_body', 'A batch is an object of lists.');
  // Otherwise a misspelt list would be ignored and answered with 202.
  for (const [name, value] of Object.entries(batch)) {
    if (Array.isArray(value) && !Object.hasOwn(lists, name)) {
      throw new Problem(400, 'invalid_body', `A batch has no list ${JSON.stringify(name.slice(0, 64))}.`);
    }
  }
  return batch;
}

function* eachOf<T>(parts: readonly Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

/** Development metrics of all kinds in one call. */
export const developmentBatchDialect: Dialect = {
  path: '/api/metrics/batch',
  summary: 'Accepts command executions, agent interactions and productivity metrics in one call.',
  bodies: jsonBody(
    {
      type: 'object',
      properties: {
        timestamp: { ...field.instant, description: 'Default instant for all events of the batch.' },
        ...Object.fromEntries(
          Object.entries(lists).map(([name, { type }]) => [
            name,
            { type: 'array', items: flatSchema(type, developmentFields, ['user_id']) },
          ]),
        ),
      },
    },
    Object.fromEntries(Object.entries(lists).map(([name, mapping]) => [name, [developmentExample(mapping)]])),
  ),
  limit: 'batch',
  decode({ body, maxEvents }) {
    const batch = parseBatch(body, maxEvents);
    const parts = Object.entries(lists).map(([name, mapping]) => ({
      name,
      mapping,
      items: listOf(batch, name),
    }));
    checkCount(
      parts.reduce((sum, part) => sum + part.items.length, 0),
      maxEvents,
    );
    const shared = { ts: ownField(batch, 'timestamp'), pointer: '/timestamp' };
    return eachOf(
      parts.map(({ name, mapping, items }) =>
        eachEvent(items, (item, at) => developmentEvent(item, mapping, at, shared), `/${name}`),
      ),
    );
  },
  clientPath: mappedPath,
};
