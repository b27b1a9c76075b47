import { assertJobName } from './job-name.js';

/** A job that an app requests: its name and, as type, its payload. */
export interface JobRequest<Payload> {
  readonly name: string;
  /** Never set: ties the payload's type to the name. */
  readonly payload?: Payload;
}

const declared = new Set<string>();

/**
 * Declares a job that one app enqueues and the worker runs, in a file of this lib that both import. The worker does
 * not start unless exactly one of its jobs answers the request.
 * @throws Error when the name is already declared
 */
export function declareRequest<Payload>(name: string): JobRequest<Payload> {
  assertJobName(name);
  if (declared.has(name)) throw new Error(`the job request ${name} is declared twice`);
  declared.add(name);
  return { name };
}

/** Names of all declared requests. */
export const declaredRequests = (): readonly string[] => [...declared];
