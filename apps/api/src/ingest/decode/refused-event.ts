/**
 * A candidate that the dialect itself refuses, such as an unreadable NDJSON line. Its path already points into the
 * client's own event: `clientPath` is not applied.
 */
export class RefusedEvent {
  constructor(
    readonly code: string,
    readonly path: string,
    readonly message: string,
  ) {}
}
