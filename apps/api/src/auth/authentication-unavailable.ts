import { DependencyUnavailable } from '../http/dependency-unavailable.js';

/** The caller could not be identified because the database or the identity provider does not answer. */
export class AuthenticationUnavailable extends DependencyUnavailable {
  constructor(message: string, options?: ErrorOptions) {
    super('database_unavailable', 'The database does not answer at the moment', message, options);
  }
}
