import { connect } from 'node:net';

/** One raw response. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Writes bytes to a port and reads until the server closes, `answers` have arrived, or the time is up.
 * @param chunks written one after the other
 */
export function sendRaw(
  port: number,
  chunks: string | Buffer | readonly (string | Buffer)[],
  { answers = 1, timeoutMs = 5_000, halfClose = false } = {},
): Promise<RawAnswer[]> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1');
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parseAnswers(received));
    };
    const timer = setTimeout(finish, timeoutMs);
    socket.on('connect', () => {
      for (const chunk of Array.isArray(chunks) ? chunks : [chunks]) socket.write(chunk);
      if (halfClose) socket.end();
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (parseAnswers(received).length >= answers) finish();
    });
    // The server may reset the connection after its response.
    socket.on('error', () => {});
    socket.on('close', finish);
  });
}

/** The complete responses in a byte stream, without informational ones (1xx). */
export function parseAnswers(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = bytes; ; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [line, ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(line!.split(' ')[1]);
    const headers = Object.fromEntries(
      lines.map((text) => [
        text.slice(0, text.indexOf(':')).toLowerCase(),
        text.slice(text.indexOf(':') + 1).trim(),
      ]),
    );
    const length = Number(headers['content-length'] ?? 0);
    if (rest.length < end + 4 + length) return answers;
    const body = rest.subarray(end + 4, end + 4 + length).toString('utf8');
    rest = rest.subarray(end + 4 + length);
    if (status >= 200) answers.push({ status, headers, body });
  }
}
