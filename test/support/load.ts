import type { Random } from './random.js';
import { type PostedEvent, RandomEvents } from './random-events.js';
import type { TestOrganization } from './test-database.js';

const identityOf = ({ id, ts }: PostedEvent) => `${Date.parse(ts)} ${id}`;

/** A client that posts batches with repeated events and records what was acknowledged. */
export class Load {
  /** All events sent. */
  readonly sent = new Set<string>();
  /** Events acknowledged with 202. */
  readonly acknowledged = new Set<string>();
  readonly batchIds = new Set<string>();
  /** Number of responses by status; 0: no response. */
  readonly statuses = new Map<number, number>();
  private readonly known: PostedEvent[] = [];
  private readonly source: RandomEvents;
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly url: () => string,
    private readonly organization: TestOrganization,
    private readonly random: Random,
    /** Around which its events happen, milliseconds since the epoch. */
    now = Date.now(),
  ) {
    this.source = new RandomEvents(random, now);
  }

  /** Posts from several connections until `stop`. */
  start(connections = 3, pauseMs = 5): void {
    let stopped = false;
    const one = async () => {
      while (!stopped) {
        await this.post(this.random.chance(0.3) ? 1 : this.random.integer(2, 60));
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    const all = Promise.all(Array.from({ length: connections }, one));
    this.running = all;
    this.end = () => {
      stopped = true;
    };
  }

  private end: () => void = () => {};

  /** Resolves after the last response. */
  async stop(): Promise<void> {
    this.end();
    await this.running;
  }

  /** Posts one request with this many events, some of them repeated. */
  async post(count: number): Promise<Response | undefined> {
    const events = this.source.events(count).map((event) => {
      if (this.known.length > 0 && this.random.chance(0.15)) return this.random.pick(this.known);
      this.known.push(event);
      return event;
    });
    return this.send(events);
  }

  /** Posts these events. */
  async send(events: readonly PostedEvent[]): Promise<Response | undefined> {
    for (const event of events) this.sent.add(identityOf(event));
    const response = await fetch(`${this.url()}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': this.organization.apiKey },
      body: JSON.stringify(events),
    }).catch(() => undefined);
    const status = response?.status ?? 0;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (response?.status === 503) expectRefusal(response);
    if (response?.status !== 202) return response;
    // A truncated response counts as none.
    const text = await response.text().catch(() => undefined);
    if (text === undefined) return response;
    const { batch_id, accepted } = JSON.parse(text) as { batch_id: string; accepted: number };
    expect(accepted).toBe(events.length);
    this.batchIds.add(batch_id);
    for (const event of events) this.acknowledged.add(identityOf(event));
    return response;
  }
}

/** Expects refusals to be problem documents. */
function expectRefusal({ headers }: Response): void {
  expect([headers.get('content-type'), headers.get('retry-after')]).toEqual([
    expect.stringMatching(/^application\/problem\+json/),
    expect.stringMatching(/^\d+$/),
  ]);
}
