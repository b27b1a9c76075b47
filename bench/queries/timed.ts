import { median } from '../statistics.js';

/** Asks the API on behalf of one organization. */
export class Asker {
  constructor(
    private readonly port: number,
    private readonly apiKey: string,
  ) {}

  /** @throws Error when the answer is not a success */
  async get<T>(path: string, body?: unknown): Promise<T> {
    return (await (await this.send(path, body)).json()) as T;
  }

  /** @throws Error when the answer is not a success */
  async file(path: string): Promise<ArrayBuffer> {
    return (await this.send(path)).arrayBuffer();
  }

  private async send(path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      headers: { 'x-api-key': this.apiKey, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  }
}

export interface Times {
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
}

/** Repeats work, an odd number of times, after two runs that are not counted. */
export async function timed(work: () => Promise<unknown>, times: number): Promise<Times> {
  await work();
  await work();
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return { median: median(taken), p99: p99(taken) };
}

export const p99 = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.ceil(0.99 * values.length) - 1]!;
