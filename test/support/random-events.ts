import { builtInTypes, type EventType } from '#catalog';
import type { Random } from './random.js';

/** A native event as a client posts it. */
export interface PostedEvent {
  readonly id: string;
  readonly ts: string;
  readonly type: string;
  readonly user_id?: string;
  readonly session_id?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Field {
  readonly type?: string;
  readonly anyOf?: readonly Field[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

const DAY_MS = 86_400_000;
/** Few values, so that events share series; some too long for a dimension, some beyond the BMP. */
const TEXTS = [
  'plan',
  'review',
  'näh',
  '日本',
  '🦦 otter',
  '"q\\uote',
  'long '.repeat(60),
  '\uffee',
  '𝒳',
  '1',
];
const USERS = ['ada', 'grace', 'łukasz', '\uffee', '𝒳', ...Array.from({ length: 20 }, (_, i) => `user-${i}`)];

/** Generates valid random events of every built-in type. */
export class RandomEvents {
  private made = 0;
  /** Distinguishes its events from those of other streams. */
  private readonly stream: string;

  /** @param now milliseconds since the epoch; most events are from the last minutes, some from other days */
  constructor(
    private readonly random: Random,
    private readonly now = Date.now(),
  ) {
    this.stream = `e${random.integer(0, 0xffff_ffff).toString(16)}`;
  }

  event(): PostedEvent {
    const { random } = this;
    const type = random.pick(builtInTypes);
    return {
      id: `${this.stream}-${this.made++}`,
      ts: new Date(this.instant()).toISOString(),
      type: type.name,
      ...(random.chance(0.8) ? { user_id: random.pick(USERS) } : {}),
      ...(random.chance(0.7) ? { session_id: `session-${random.integer(0, 30)}` } : {}),
      payload: this.payload(type),
    };
  }

  /** Generates new events. */
  events(count: number): PostedEvent[] {
    return Array.from({ length: count }, () => this.event());
  }

  private instant(): number {
    const { random, now } = this;
    const midnight = Math.floor(now / DAY_MS) * DAY_MS;
    if (random.chance(0.8)) return now - random.integer(0, 600_000);
    // Around midnight, where buckets and partitions end.
    if (random.chance(0.5)) return midnight - DAY_MS * random.integer(0, 3) + random.pick([-1, 0, 1]);
    return now + random.integer(-20 * DAY_MS, 0.9 * DAY_MS);
  }

  private payload(type: EventType): Record<string, unknown> {
    const properties = type.schema.properties as Record<string, Field>;
    const required = (type.schema.required as string[] | undefined) ?? [];
    const payload: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(properties)) {
      if (required.includes(name) || this.random.chance(0.7)) payload[name] = this.value(field);
    }
    if (this.random.chance(0.2)) payload.note = { nested: [1, null, 'x'] };
    return payload;
  }

  private value(field: Field): unknown {
    const { random } = this;
    if (field.anyOf) return this.value(random.pick(field.anyOf));
    if (field.enum) return random.pick(field.enum);
    switch (field.type) {
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
        return Math.trunc(this.number(field));
      case 'number':
        return this.number(field);
      case 'object':
        return { plain: true };
      default:
        return random.pick(TEXTS).slice(0, field.maxLength ?? Number.POSITIVE_INFINITY);
    }
  }

  private number({ minimum = -1e6, maximum = 1e6 }: Field): number {
    const { random } = this;
    const kind = random.integer(0, 3);
    const value =
      kind === 0
        ? random.integer(0, 3)
        : kind === 1
          ? Math.exp(random.normal() * 2 + 4)
          : kind === 2
            ? -Math.exp(random.normal())
            : random.integer(0, 1e6) / 8;
    return Math.min(maximum, Math.max(minimum, value));
  }
}
