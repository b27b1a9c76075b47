export type { Event, RawEvent } from './event.js';
export type { EventType, JsonSchema, SessionFacts } from './event-type.js';
