import { connect, type Socket } from 'node:net';
import { parseAnswers } from './raw-http.js';

/** Outcome of one connection. */
export interface Outcome {
  /** Status of the response; undefined: none. */
  readonly status: number | undefined;
  /** Milliseconds from its opening to its end. */
  readonly after: number;
}

/** Connections that start a request and then send it in tiny pieces until they are closed. */
export class SlowClients {
  readonly outcomes: Outcome[] = [];
  private readonly sockets: Socket[] = [];
  private readonly dripping: NodeJS.Timeout;

  /**
   * @param start sent immediately
   * @param drop sent every second
   */
  constructor(port: number, count: number, start: string, drop: string) {
    for (let i = 0; i < count; i++) this.sockets.push(this.open(port, start));
    this.dripping = setInterval(() => {
      for (const socket of this.sockets) if (socket.writable) socket.write(drop);
    }, 1000);
  }

  /** Connections that are still open. */
  get connected(): number {
    return this.sockets.length - this.outcomes.length;
  }

  stop(): void {
    clearInterval(this.dripping);
    for (const socket of this.sockets) socket.destroy();
  }

  private open(port: number, start: string): Socket {
    const begun = performance.now();
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => {
      const [answer] = parseAnswers(Buffer.concat(chunks));
      this.outcomes.push({ status: answer?.status, after: performance.now() - begun });
    });
    socket.write(start);
    return socket;
  }
}
