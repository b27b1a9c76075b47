import { Random } from './random.js';

/** Generates events of about 230 bytes like those of real clients. */

const TYPES: readonly (readonly [string, (random: Random) => object])[] = [
  [
    'command_execution',
    (r) => ({ command_name: r.pick(COMMANDS), execution_time_ms: r.logNormal(6, 1.2), status: r.status() }),
  ],
  [
    'agent_interaction',
    (r) => ({
      agent_name: r.pick(AGENTS),
      interaction_type: 'chat',
      execution_time_ms: r.logNormal(7, 1),
      status: r.status(),
      input_tokens: r.integer(4000),
    }),
  ],
  [
    'productivity_metric',
    (r) => ({
      metric_type: r.pick(['focus', 'flow', 'reviews']),
      metric_value: r.integer(100),
      context: { team: 'core' },
    }),
  ],
  ['session_start', (r) => ({ device_type: r.pick(DEVICES), platform: 'linux', app_version: '4.12.0' })],
  [
    'session_end',
    (r) => ({ reason: 'closed', duration_ms: r.logNormal(12, 1), device_type: r.pick(DEVICES) }),
  ],
  [
    'voice_metric',
    (r) => ({
      talked_time: r.integer(600),
      microphone_used: true,
      speaker_used: true,
      device_type: r.pick(DEVICES),
    }),
  ],
  [
    'device_metric',
    (r) => ({
      device_name: `sensor-${r.integer(12)}`,
      metric_name: r.pick(['temperature', 'humidity']),
      value: r.integer(1000) / 10,
    }),
  ],
  [
    'page_view',
    (r) => ({ page: r.pick(PAGES), status: r.status() === 'success' ? 200 : 404, bytes: r.logNormal(9, 1) }),
  ],
  [
    'button_click',
    (r) => ({
      button_id: r.pick(['save', 'open', 'share', 'undo']),
      page: r.pick(PAGES),
      button_text: 'Click',
    }),
  ],
  [
    'form_submit',
    (r) => ({
      form_id: r.pick(['signup', 'contact', 'order']),
      success: true,
      duration_ms: r.logNormal(9, 1),
    }),
  ],
  [
    'video_play',
    (r) => ({ video_id: `v${r.integer(10)}`, position_seconds: r.integer(3600), quality: 'hd' }),
  ],
  [
    'course_complete',
    (r) => ({ course_id: `c${r.integer(10)}`, score: r.integer(100), duration_seconds: r.integer(9000) }),
  ],
  [
    'search_query',
    (r) => ({ query: 'how to count once', results_count: r.integer(50), duration_ms: r.logNormal(4, 0.7) }),
  ],
  [
    'error_occurred',
    (r) => ({ error_type: 'Timeout', code: r.pick(['E42', 'E77', 'E500']), message: 'upstream was late' }),
  ],
];

const COMMANDS = ['plan', 'build', 'test', 'deploy', 'review', 'explain', 'refactor', 'commit'];
const AGENTS = ['coder', 'reviewer', 'researcher'];
const DEVICES = ['phone', 'laptop', 'tablet'];
const PAGES = ['/', '/pricing', '/docs', '/docs/start', '/blog', '/login', '/account', '/search'];

export const ORGANIZATIONS = 50;
/** Who sends the events. */
export interface Crowd {
  /** Of the Zipf law by which events are of organizations. */
  readonly exponent: number;
  /** Users of all organizations together, in proportion to the organizations' events. */
  readonly users: number;
  /** Sessions of a user that go on at the same time; absent: one, and a new one every half hour. */
  readonly sessionsPerUser?: number;
}

const USUAL: Crowd = { exponent: 1, users: 5000 };
const DUPLICATES = 0.02;
/** A duplicate repeats one of this many recent events of its organization. */
const REPEATABLE = 5000;

export interface BenchEvent {
  readonly id: string;
  readonly ts: string;
  readonly type: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly payload: object;
}

/** Cumulative Zipf weights of the organizations. */
function zipfWeights(exponent: number): number[] {
  const weights: number[] = [];
  for (let i = 0; i < ORGANIZATIONS; i++) weights.push((weights.at(-1) ?? 0) + (i + 1) ** -exponent);
  return weights;
}

/** Generates batches, each of one organization. */
export class EventStream {
  private readonly recent: BenchEvent[][] = Array.from({ length: ORGANIZATIONS }, () => []);
  private readonly weights: readonly number[];
  private readonly crowd: Crowd;

  constructor(
    private readonly random: Random,
    /** Instant of the next event, milliseconds since the epoch. */
    private readonly clock: () => number,
    crowd: Partial<Crowd> = {},
  ) {
    this.crowd = { ...USUAL, ...crowd };
    this.weights = zipfWeights(this.crowd.exponent);
  }

  /** @returns index of the organization and its events */
  batch(size: number): { organization: number; events: BenchEvent[] } {
    const mark = this.random.next() * this.weights.at(-1)!;
    const organization = this.weights.findIndex((sum) => sum >= mark);
    return { organization, events: Array.from({ length: size }, () => this.event(organization)) };
  }

  /** Users of an organization, in proportion to its events. */
  private usersOf(organization: number): number {
    const { users, exponent } = this.crowd;
    return Math.ceil(users / ((organization + 1) ** exponent * this.weights.at(-1)!));
  }

  private session(user: number, now: number): string {
    const { sessionsPerUser } = this.crowd;
    return `session-${user}-${sessionsPerUser ? this.random.integer(sessionsPerUser) : Math.floor(now / 1_800_000)}`;
  }

  private event(organization: number): BenchEvent {
    const recent = this.recent[organization]!;
    if (recent.length > 0 && this.random.next() < DUPLICATES) return this.random.pick(recent);
    const user = this.random.integer(this.usersOf(organization));
    const now = this.clock();
    const [type, payload] = this.random.pick(TYPES);
    const time = now.toString(16).padStart(12, '0');
    const event = {
      id: `${time.slice(0, 8)}-${time.slice(8)}-7${this.random.hex(3)}-8${this.random.hex(3)}-${this.random.hex(12)}`,
      ts: new Date(now).toISOString(),
      type,
      user_id: `user-${user}`,
      session_id: this.session(user, now),
      payload: payload(this.random),
    };
    if (recent.length < REPEATABLE) recent.push(event);
    else recent[this.random.integer(REPEATABLE)] = event;
    return event;
  }
}
