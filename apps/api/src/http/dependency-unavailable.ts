/** Something the request needs does not answer: the client gets a 503 and may try again. */
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
