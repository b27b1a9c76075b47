import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#identity';
import { ACCESS, type Access } from '../http/access.js';
import { Problem } from '../http/problem.js';
import { Authenticator } from './authenticator.js';
import { type CredentialPlaces, credentialPlacesOf } from './credential-places.js';
import { KeyUsage } from './key-usage.js';

/** `administer or operate` */
const ALTERNATIVES = new Intl.ListFormat('en', { type: 'disjunction' });

/** The one guard: each route declares the permissions it needs, each caller presents a credential. */
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
   * @returns undefined when the route is public
   * @throws Problem 401
   */
  callerOf(context: ExecutionContext): Principal | Promise<Principal> | undefined {
    if (this.accessOf(context) === 'public') return undefined;
    return this.authenticate(context.switchToHttp().getRequest<FastifyRequest>());
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
  authenticate(request: FastifyRequest): Principal | Promise<Principal> {
    return request.principal ?? this.identify(request, credentialPlacesOf(request.routeOptions.config));
  }

  /**
   * Authenticates a caller who was not authenticated before.
   * @param places where the credential may be
   * @throws Problem 401
   */
  identify(request: FastifyRequest, places: CredentialPlaces): Principal | Promise<Principal> {
    const presented = places.find(request);
    if (presented === undefined) throw places.missing();
    const principal = this.authenticator.authenticate(presented);
    return principal instanceof Promise
      ? principal.then((found) => recognize(request, places, found))
      : recognize(request, places, principal);
  }
}

function recognize(
  request: FastifyRequest,
  places: CredentialPlaces,
  principal: Principal | null,
): Principal {
  if (!principal) throw places.invalid();
  request.principal = principal;
  return principal;
}

function assertPermitted({ permissions }: Principal, access: Access | undefined): void {
  if (!access || access === 'public')
    throw new Problem(403, 'forbidden', 'This call is not available to any caller');
  if (!access.some((permission) => permissions.has(permission))) {
    throw new Problem(403, 'forbidden', `This call needs the permission to ${ALTERNATIVES.format(access)}`);
  }
}
