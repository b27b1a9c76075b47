import { flatSchema, oneOrMany } from './body-schema.js';
import {
  developmentEvent,
  developmentExample,
  developmentFields,
  developmentMappings,
} from './development-event.js';
import type { IngestFormat } from './dialect.js';
import { eachEvent, eventList } from './event-list.js';
import { type Mapping, mappedPath } from './map-event.js';

function format(path: string, summary: string, mapping: Mapping): IngestFormat {
  return {
    method: 'POST',
    path,
    summary,
    bodySchema: oneOrMany(flatSchema(mapping.type, developmentFields, ['user_id'])),
    example: developmentExample(mapping),
    limit: 'single',
    decode({ body, maxEvents }) {
      return eachEvent(eventList(body, maxEvents), (item) => developmentEvent(item, mapping));
    },
    clientPath: mappedPath,
  };
}

/** Development metrics: command executions. */
export const commandsFormat = format(
  '/api/metrics/commands',
  'Take one command execution, or an array of them.',
  developmentMappings.command,
);

/** Development metrics: agent interactions. */
export const agentsFormat = format(
  '/api/metrics/agents',
  'Take one agent interaction, or an array of them.',
  developmentMappings.agent,
);
