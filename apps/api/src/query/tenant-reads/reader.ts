import type { Socket } from 'node:net';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';

/** On whose behalf a query runs. */
export interface Reader {
  readonly organizationId: string;
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal;
}

/** The caller of a request. */
export const readerOf = ({ principal, raw }: AuthenticatedRequest): Reader => ({
  organizationId: principal.organizationId,
  signal: disconnectSignal(raw.socket),
});

/** One per connection: a listener for each request of a connection that is kept alive would be a leak. */
const signals = new WeakMap<Socket, AbortSignal>();

function disconnectSignal(socket: Socket): AbortSignal {
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
