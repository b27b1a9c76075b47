import { Agent, type ClientRequest, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS = 5;
const RETRY_MS = 500;

/** A body with its headers. */
export interface Post {
  readonly path?: string;
  readonly method?: string;
  readonly key?: string | null;
  readonly type?: string | null;
  readonly encoding?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response with its body, parsed if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: AnswerBody;
}

/** All fields of intake responses; tests check which are present. */
export interface AnswerBody {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly RejectedEvent[];
  readonly batch_id?: string;
  readonly accepted?: number;
  readonly rejected?: readonly RejectedEvent[];
  readonly session_id?: string;
}

export interface RejectedEvent {
  readonly index: number;
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** Sends bodies to one API with one key. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 100 });

  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  /** Sends objects as JSON, strings and bytes unchanged. */
  async post(body: unknown, options: Post = {}): Promise<Answer> {
    return this.send({ method: 'POST', ...options }, bytesOf(body));
  }

  /** Posts, and again after a 503: a slow disk can hold up the queue. The events need `id` and `ts`. */
  async deliver(body: unknown, options: Post = {}): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.post(body, options);
      if (answer.status !== 503 || attempt === ATTEMPTS) return answer;
      await sleep(RETRY_MS);
    }
  }

  send({ method = 'GET', path = '/v1/events', ...options }: Post, body?: Buffer): Promise<Answer> {
    const { key = this.key, type = 'application/json', encoding, headers } = options;
    const outgoing = request(this.url + path, {
      agent: this.agent,
      method,
      headers: {
        ...(key === null ? {} : { 'x-api-key': key }),
        ...(type === null || body === undefined ? {} : { 'content-type': type }),
        ...(encoding ? { 'content-encoding': encoding } : {}),
        ...(body === undefined ? {} : { 'content-length': body.length }),
        ...headers,
      },
    });
    outgoing.end(body);
    return answerTo(outgoing);
  }

  /** Sends a body with chunked transfer encoding, without Content-Length. */
  sendChunked(chunks: Iterable<Buffer>, options: Post = {}): Promise<Answer> {
    const { path = '/v1/events', type = 'application/json', encoding } = options;
    const outgoing = request(this.url + path, {
      method: 'POST',
      headers: {
        'x-api-key': this.key,
        ...(type === null ? {} : { 'content-type': type }),
        ...(encoding ? { 'content-encoding': encoding } : {}),
      },
    });
    for (const chunk of chunks) outgoing.write(chunk);
    outgoing.end();
    return answerTo(outgoing);
  }
}

function answerTo(outgoing: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const headers = new Headers(response.headers as Record<string, string>);
        resolve({ status: response.statusCode!, headers, text, body: parsed(text) as AnswerBody });
      });
    });
  });
}

export function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Expects a problem document with this code and no internals. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expectProblemText(answer.text);
}

/** Expects a problem document as raw text. */
export function expectProblemText(text: string): void {
  const problem = JSON.parse(text) as AnswerBody;
  const fields = ['code', 'detail', 'status', 'title', 'type', ...('errors' in problem ? ['errors'] : [])];
  expect(Object.keys(problem).sort()).toEqual(fields.sort());
  expect(problem.detail).toEqual(expect.any(String));
  expect(problem.title).not.toBe('Error');
  expect(text).not.toMatch(/\bat [\w.]+ \(|node_modules|\bSELECT\b|\bINSERT INTO\b|\.js:\d+/);
}
