import { DependencyUnavailable } from '../../http/dependency-unavailable.js';

/** The queue is down, too slow or full. No event of the request was accepted. */
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
