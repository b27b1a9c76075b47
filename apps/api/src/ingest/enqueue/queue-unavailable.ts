import { DependencyUnavailable } from '../../http/dependency-unavailable.js';

/** The queue could not take the events: it is away, too slow or full. None of the request's events was taken. */
export class QueueUnavailable extends DependencyUnavailable {
  constructor(message: string, options?: ErrorOptions) {
    super(
      'queue_unavailable',
      'The queue is unavailable. No event of this request was accepted.',
      message,
      options,
    );
  }
}
