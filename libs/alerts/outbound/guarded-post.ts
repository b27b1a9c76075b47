import { lookup as systemLookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard.js';
import { guardedLookup, type Lookup, RefusedAddress } from './guarded-lookup.js';
import type { Outcome } from './outcome.js';

const TIMEOUT_MS = 10_000;
/** Bytes of an answer that are read, so that a receiver is not cut off. Nobody looks at them. */
const MAX_ANSWER = 64 * 1024;
/** Answers of a receiver that may take it later. */
const LATER = [408, 425, 429];

/** A body to post. */
export interface Post {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts to addresses that organizations name: only to public ones, without following redirects, within ten seconds. */
export class GuardedPost {
  /**
   * @param lookup resolves names; every address that it finds is checked
   * @param timeoutMs of the whole exchange
   */
  constructor(
    private readonly guard: AddressGuard,
    private readonly lookup: Lookup = systemLookup as Lookup,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** Posts once. Never throws: what went wrong is in the outcome. */
  async send(post: Post): Promise<Outcome> {
    try {
      const { statusCode = 0 } = await this.exchange(post);
      return outcomeOfStatus(statusCode);
    } catch (error) {
      if (error instanceof RefusedAddress) return { status: 'refused', said: error.message };
      const isTimeout = (error as Error).name === 'AbortError';
      const said = isTimeout ? `no answer within ${this.timeoutMs / 1000} s` : (error as Error).message;
      return { status: 'deferred', said };
    }
  }

  private async exchange({ url, body, headers = {} }: Post): Promise<IncomingMessage> {
    const target = new URL(url);
    this.refuseLiteral(target.hostname);
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    // A timer of its own: the one of AbortSignal.timeout lets the process end, and with it the exchange.
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.timeoutMs);
    try {
      return await new Promise((resolve, reject) => {
        const outgoing = send(target, {
          method: 'POST',
          // No connection is used again: the next one has its address checked again.
          agent: false,
          lookup: guardedLookup(this.guard, this.lookup),
          signal: timeout.signal,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': 'Millrace',
            ...headers,
          },
        });
        outgoing.on('error', reject);
        outgoing.on('response', (answer) => void readSome(answer).then(() => resolve(answer), reject));
        outgoing.end(body);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Node.js looks up names only. The URL has decimal, hexadecimal and short spellings written out already. */
  private refuseLiteral(hostname: string): void {
    const host = hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.guard.allows(host)) throw new RefusedAddress(host);
  }
}

/** Reads an answer to its end, or to as much as is allowed. */
async function readSome(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    // Leaving the loop closes the connection.
    if (bytes > MAX_ANSWER) return;
  }
}

function outcomeOfStatus(status: number): Outcome {
  if (status >= 200 && status < 300) return { status: 'sent', said: `HTTP ${status}` };
  if (status >= 300 && status < 400) {
    return { status: 'refused', said: `HTTP ${status}: redirects are not followed` };
  }
  return { status: status >= 500 || LATER.includes(status) ? 'deferred' : 'refused', said: `HTTP ${status}` };
}
