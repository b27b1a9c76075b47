import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#identity';
import { Problem } from '../problem/problem.js';
import { ACCESS, type Access } from './access.js';
import { Authenticator } from './authenticator.js';

export interface AuthenticatedRequest extends FastifyRequest {
  principal: Principal;
}

/** The one guard: every route says what it asks for, every caller says who they are. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const presented = presentedKey(request);
    if (!presented) throw unauthorized('Send an API key as X-API-Key or as a Bearer token');
    const principal = this.authenticator.authenticate(presented);
    return principal instanceof Promise
      ? principal.then((found) => admit(request, found, access))
      : admit(request, principal, access);
  }
}

function admit(
  request: AuthenticatedRequest,
  principal: Principal | null,
  access: Access | undefined,
): boolean {
  if (!principal) throw unauthorized('The API key is not valid');
  if (!access || access === 'public' || !allows(principal, access)) {
    throw new Problem(403, 'forbidden', `This call needs the scope ${access ?? 'of an operator'}`);
  }
  request.principal = principal;
  return true;
}

const allows = ({ scopes }: Principal, access: Access) =>
  scopes.includes('admin') || scopes.some((scope) => scope === access);

function presentedKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  return /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

const unauthorized = (detail: string) =>
  new Problem(401, 'unauthorized', detail, undefined, { 'www-authenticate': 'Bearer realm="millrace"' });
