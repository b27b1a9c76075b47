/**
 * A candidate that the dialect itself refuses, for instance one unreadable NDJSON line. Its path already points
 * into the client's own event, so `clientPath` is not applied to it.
 */
export class RefusedEvent {
  constructor(
    readonly code: string,
    readonly path: string,
    readonly message: string,
  ) {}
}
