import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy between a process and a server that can fail like a network. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private stalled = false;
  private down = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** @param host the address of this machine that it listens on */
  static async to(target: string, host = '127.0.0.1'): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, new URL(target));
    server.on('connection', (socket) => proxy.join(socket));
    server.listen(0, host);
    await once(server, 'listening');
    return proxy;
  }

  /** The target's URL through this proxy. */
  get url(): string {
    const url = new URL(this.target);
    const { address, family, port } = this.server.address() as AddressInfo;
    url.host = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    return url.href;
  }

  /** Silently drops all traffic. */
  stall(): void {
    this.stalled = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Closes all connections and refuses new ones. */
  cut(): void {
    this.down = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets everything pass again. */
  mend(): void {
    this.down = false;
    this.stalled = false;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket): void {
    if (this.down) {
      near.destroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    this.pass(near, far);
    this.pass(far, near);
  }

  private pass(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (bytes) => to.write(bytes));
    from.on('error', () => {});
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    if (this.stalled) from.pause();
  }
}
