import type { FastifyRequest } from 'fastify';
import type { Actor, Principal } from '#identity';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the caller is authenticated. */
    principal?: Principal;
  }
}

/** A request whose caller is known. */
export interface AuthenticatedRequest extends FastifyRequest {
  principal: Principal;
}

/** The caller, as the audit log names them. */
export const actorOf = ({ principal, clientAddress }: AuthenticatedRequest): Actor => ({
  subject: principal.subject,
  clientAddress,
});
