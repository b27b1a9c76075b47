/** Why one event is refused, in terms of the native event. */
export class Fault {
  constructor(
    readonly code: string,
    /** JSON pointer into the native event. */
    readonly path: string,
    readonly message: string,
  ) {}
}

/** One more step of a JSON pointer (RFC 6901). */
export const pointerStep = (key: string | number) =>
  `/${typeof key === 'number' ? key : key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
