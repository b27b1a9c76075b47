import { DependencyUnavailable } from '../../http/dependency-unavailable.js';

/** The queue could not take the events: it is away, too slow or full. None of the request's events was taken. */
export class QueueUnavailable extends DependencyUnavailable {
  constructor(message: string, options?: ErrorOptions) {
    super('queue_unavailable', 'Events cannot be taken at the moment; none of these were', message, options);
  }
}
