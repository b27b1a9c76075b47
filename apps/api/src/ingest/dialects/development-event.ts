import { agentInteraction, commandExecution, productivityMetric, type RawEvent } from '#catalog';
import { RefusedEvent } from '../decode/refused-event.js';
import { field, flatExample } from './body-schema.js';
import { type ClientFields, type Mapping, mapEvent, mapping, type SharedInstant } from './map-event.js';

const fields: ClientFields = {
  id: ['id'],
  ts: ['executed_at', 'timestamp', 'ts'],
  user_id: ['user_id'],
  session_id: ['session_id', 'context/session_id'],
  src: ['src'],
};

/** The development metrics dialect's mapping per type. */
export const developmentMappings = {
  command: mapping(commandExecution, fields),
  agent: mapping(agentInteraction, fields),
  productivity: mapping(productivityMetric, fields),
} as const;

/** The dialect's fields beside the payload's, for the API documentation. */
export const developmentFields = { user_id: field.userUuid, executed_at: field.instant } as const;

/** A body of one of these, for the API documentation. */
export const developmentExample = ({ type }: Mapping) =>
  flatExample(type, { user_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7' });

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An event of the development metrics dialect, whose user ids are UUIDs. */
export function developmentEvent(
  source: unknown,
  how: Mapping,
  at = '',
  shared?: SharedInstant,
): RawEvent | RefusedEvent {
  const event = mapEvent(source, how, at, shared);
  if (event instanceof RefusedEvent) return event;
  if (isUuid(event.user_id)) return withUserInLowerCase(event);
  return new RefusedEvent('schema_violation', `${at}/user_id`, 'must be a UUID');
}

/** UUIDs are valid in either case (RFC 9562); otherwise upper case would create another user. */
export function withUserInLowerCase(event: RawEvent): RawEvent {
  if (!isUuid(event.user_id)) return event;
  const user_id = event.user_id.toLowerCase();
  return user_id === event.user_id ? event : { ...event, user_id };
}

const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value);
