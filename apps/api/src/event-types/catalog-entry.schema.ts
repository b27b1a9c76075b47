import {
  anyObject,
  described,
  flag,
  instant,
  listOf,
  nullable,
  record,
  text,
} from '../http/openapi/schema.js';
import type { CatalogEntry } from './event-types.service.js';

/** An event type in API responses. */
export const catalogEntrySchema = record<CatalogEntry>('EventType', {
  name: text,
  built_in: flag,
  schema: described(anyObject, 'JSON Schema (2020-12) of the payload.'),
  dimensions: listOf(text),
  measures: listOf(text),
  updated_at: described(nullable(instant), 'Null for a built-in type.'),
});
