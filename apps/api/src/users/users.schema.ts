import { instant, nullable, record, text } from '../http/openapi/schema.js';
import type { UserRow } from './users.store.js';

/** A user in an answer. */
export const userSchema = record<UserRow>('User', {
  external_id: text,
  name: nullable(text),
  email: nullable(text),
  team: nullable(text),
  created_at: instant,
});
