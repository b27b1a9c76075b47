import { anyObject, described, instant, nullable, record, text } from '../http/openapi/schema.js';
import type { AuditRow } from './audit-log.read-model.js';

/** One entry of the audit log. */
export const auditRowSchema = record<AuditRow>('AuditEntry', {
  id: text,
  at: instant,
  actor: described(text, '`key:<public id>`, `user:<sub of the token>`, `operator` or `cli`.'),
  action: described(text, '`<object>.<act>`, such as `api_key.create`.'),
  origin: described(nullable(text), 'Network address of the caller.'),
  details: anyObject,
});
