/** A dependency of the request is not responding: the client gets a 503 and may retry. */
export class DependencyUnavailable extends Error {
  /**
   * @param code of the problem document
   * @param detail of the problem document; the message itself goes to the log only
   */
  constructor(
    readonly code: string,
    readonly detail: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
