import { flatSchema, jsonBody, oneOrMany } from './body-schema.js';
import {
  developmentEvent,
  developmentExample,
  developmentFields,
  developmentMappings,
} from './development-event.js';
import type { Dialect } from './dialect.js';
import { eachEvent, eventList } from './event-list.js';
import { type Mapping, mappedPath } from './map-event.js';

function metricsDialect(path: string, summary: string, mapping: Mapping): Dialect {
  return {
    path,
    summary,
    bodies: jsonBody(
      oneOrMany(flatSchema(mapping.type, developmentFields, ['user_id'])),
      developmentExample(mapping),
    ),
    limit: 'single',
    decode({ body, maxEvents }) {
      return eachEvent(eventList(body, maxEvents), (item) => developmentEvent(item, mapping));
    },
    clientPath: mappedPath,
  };
}

/** Development metrics: command executions. */
export const commandsDialect = metricsDialect(
  '/api/metrics/commands',
  'Accepts one command execution, or an array of them.',
  developmentMappings.command,
);

/** Development metrics: agent interactions. */
export const agentsDialect = metricsDialect(
  '/api/metrics/agents',
  'Accepts one agent interaction, or an array of them.',
  developmentMappings.agent,
);
