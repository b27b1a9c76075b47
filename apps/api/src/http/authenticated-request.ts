import type { Actor } from '#identity';
import type { AuthenticatedRequest } from '../auth/access.guard.js';

/** Whom the audit log names. */
export const actorOf = ({ principal, origin }: AuthenticatedRequest): Actor => ({
  subject: principal.subject,
  origin,
});
