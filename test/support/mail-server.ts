import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** What a client has come to. `received`: the server has the whole mail, and has not said so yet. */
export type MailStep = 'connected' | 'sender' | 'recipient' | 'data' | 'received' | 'closed';

/** A mail as it arrived. */
export interface ReceivedMail {
  readonly to: string;
  readonly parsed: ParsedMail;
}

/** An error that a mail server answers with. */
export const smtpError = (responseCode: number, text: string) =>
  Object.assign(new Error(text), { responseCode });

/** A real SMTP server that keeps what it gets. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Called at each step; the server goes on when it resolves. An error is the answer. */
  at: (step: MailStep, address?: string) => void | Promise<void> = () => {};
  private readonly server: SMTPServer;

  private constructor() {
    const answer = (
      step: MailStep,
      address: string | undefined,
      callback: (error?: Error | null) => void,
    ) => {
      Promise.resolve()
        .then(() => this.at(step, address))
        .then(() => callback(), callback);
    };
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_session, callback) => answer('connected', undefined, callback),
      onMailFrom: ({ address }, _session, callback) => answer('sender', address, callback),
      onRcptTo: ({ address }, _session, callback) => answer('recipient', address, callback),
      onData: (stream, { envelope }, callback) => {
        const to = envelope.rcptTo[0]!.address;
        const parsing = Promise.resolve(this.at('data', to)).then(() => simpleParser(stream));
        parsing.then((parsed) => {
          this.received.push({ to, parsed });
          answer('received', to, callback);
        }, callback);
      },
      onClose: () => void this.at('closed'),
    });
    // A client that is killed resets its connection.
    this.server.on('error', () => {});
  }

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    server.server.listen(0, '127.0.0.1');
    await once(server.server.server, 'listening');
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** How many mails each address got. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { to } of this.received) counts[to] = (counts[to] ?? 0) + 1;
    return counts;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
