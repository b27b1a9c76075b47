/** One fault, with a stable code and its place. */
export class Fault {
  constructor(
    readonly code: string,
    /** JSON pointer; for events, into the native event. */
    readonly path: string,
    readonly message: string,
  ) {}
}

/** A JSON pointer step, escaped (RFC 6901). */
export const pointerStep = (key: string | number) =>
  `/${typeof key === 'number' ? key : key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
