import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { type Problem, unauthorized } from '../http/problem.js';
import { type CredentialPlace, nativeCredential } from './credential-place.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Where callers of the route put their credential; absent: `nativeCredential`. */
    readonly credentials?: CredentialPlaces | undefined;
  }
}

/** The places of a route's credential, in order of preference. */
export class CredentialPlaces {
  readonly inBody: boolean;
  private readonly hint: string;
  private readonly challenge: string | undefined;

  constructor(private readonly places: readonly CredentialPlace[]) {
    this.inBody = places.some((place) => place.inBody);
    this.hint = places.map(({ hint }) => hint).join(', or ');
    this.challenge = places.find(({ challenge }) => challenge)?.challenge;
  }

  /** The first credential found, unchecked. */
  find(request: FastifyRequest): string | undefined {
    for (const place of this.places) {
      const found = place.find(request);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** 401 for a request without a credential. */
  missing(): Problem {
    return unauthorized(`Send an API key ${this.hint}`, this.challenge);
  }

  /** 401 for a request with an invalid credential. */
  invalid(): Problem {
    return unauthorized('The API key or token is invalid', this.challenge);
  }
}

const NATIVE = new CredentialPlaces([nativeCredential]);

/** @param config of the route */
export const credentialPlacesOf = (config: FastifyContextConfig): CredentialPlaces =>
  config.credentials ?? NATIVE;
