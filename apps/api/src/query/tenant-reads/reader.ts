import type { Socket } from 'node:net';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the answer may go to several callers. */
    sharedRun?: Pick<Reader, 'signal' | 'begin'>;
  }
}

/** On whose behalf a query runs. */
export interface Reader {
  readonly organizationId: string;
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal;
  /** Called before the first query. */
  readonly begin?: () => void;
}

/** Whoever waits for the answer to a request: its caller, or all callers who share it. */
export const readerOf = ({ principal, raw, sharedRun }: AuthenticatedRequest): Reader => ({
  organizationId: principal.organizationId,
  ...(sharedRun ?? { signal: disconnectSignal(raw.socket) }),
});

/** One per connection: a listener for each request of a connection that is kept alive would be a leak. */
const signals = new WeakMap<Socket, AbortSignal>();

/** Aborted when the connection closes. */
export function disconnectSignal(socket: Socket): AbortSignal {
  let signal = signals.get(socket);
  if (!signal) {
    const controller = new AbortController();
    signal = controller.signal;
    signals.set(socket, signal);
    if (socket.destroyed) controller.abort();
    else socket.once('close', () => controller.abort());
  }
  return signal;
}
