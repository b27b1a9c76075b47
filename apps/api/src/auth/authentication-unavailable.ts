import { DependencyUnavailable } from '../http/dependency-unavailable.js';

/** The caller could not be identified because the database or the identity provider is not responding. */
export class AuthenticationUnavailable extends DependencyUnavailable {
  constructor(message: string, options?: ErrorOptions) {
    super('database_unavailable', 'The database is not responding', message, options);
  }
}
