import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#identity';
import { ACCESS, type Access } from '../http/access.js';
import { Problem, unauthorized } from '../http/problem.js';
import { Authenticator } from './authenticator.js';
import { KeyUsage } from './key-usage.js';

/** A request whose caller may have been found out already. */
type IncomingRequest = FastifyRequest & { principal?: Principal };

/** `administer or operate` */
const ALTERNATIVES = new Intl.ListFormat('en', { type: 'disjunction' });

/** The one guard: every route says what it asks for, every caller says who they are. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly accesses = new WeakMap<object, Access | undefined>();

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly usage: KeyUsage,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const caller = this.callerOf(context);
    if (caller === undefined) return true;
    const access = this.accessOf(context);
    return caller instanceof Promise
      ? caller.then((principal) => this.admit(principal, access))
      : this.admit(caller, access);
  }

  private admit(principal: Principal, access: Access | undefined): true {
    assertPermitted(principal, access);
    this.usage.used(principal, Date.now());
    return true;
  }

  /**
   * Who is calling a route.
   * @returns undefined when anyone may
   * @throws Problem 401
   */
  callerOf(context: ExecutionContext): Principal | Promise<Principal> | undefined {
    if (this.accessOf(context) === 'public') return undefined;
    return this.authenticate(context.switchToHttp().getRequest<IncomingRequest>());
  }

  private accessOf(context: ExecutionContext): Access | undefined {
    const handler = context.getHandler();
    if (!this.accesses.has(handler)) {
      this.accesses.set(handler, this.reflector.getAllAndOverride(ACCESS, [handler, context.getClass()]));
    }
    return this.accesses.get(handler);
  }

  /**
   * Authenticates the caller and keeps them as the request's `principal`; does not authorize.
   * @throws Problem 401
   */
  authenticate(request: IncomingRequest): Principal | Promise<Principal> {
    if (request.principal) return request.principal;
    const presented = presentedCredential(request);
    if (!presented)
      throw unauthorized('Send an API key as X-API-Key, or an API key or a JSON Web Token as Bearer token');
    const principal = this.authenticator.authenticate(presented);
    return principal instanceof Promise
      ? principal.then((found) => recognize(request, found))
      : recognize(request, principal);
  }
}

function recognize(request: IncomingRequest, principal: Principal | null): Principal {
  if (!principal) throw unauthorized('The API key or token is not valid');
  request.principal = principal;
  return principal;
}

function assertPermitted({ permissions }: Principal, access: Access | undefined): void {
  if (!access || access === 'public') throw new Problem(403, 'forbidden', 'Nobody may make this call');
  if (!access.some((permission) => permissions.has(permission))) {
    throw new Problem(403, 'forbidden', `This call needs the permission to ${ALTERNATIVES.format(access)}`);
  }
}

/** What the caller has put forward, unchecked. */
export function presentedCredential({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  // An empty header is what a forgotten setting sends; the other way in may be right.
  if (typeof key === 'string' && key !== '') return key;
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
