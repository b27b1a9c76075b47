import { type ApiKeyRow, type NewApiKey, SCOPES } from '#identity';
import { instant, listOf, nullable, oneOf, record, text } from '../http/openapi/schema.js';

const fields = {
  public_id: text,
  name: text,
  scopes: listOf(oneOf(SCOPES)),
  created_at: instant,
  expires_at: nullable(instant),
  revoked_at: nullable(instant),
  last_used_at: nullable(instant),
};

/** A key without its secret. */
export const apiKeySchema = record<ApiKeyRow>('ApiKey', fields);

/** A key with its full text. */
export const newApiKeySchema = record<NewApiKey>('NewApiKey', { ...fields, api_key: text });
