import type { CountableEvent } from '#batch';
import type { RawEvent } from '#catalog';
import { pseudonym } from '#identity';
import type { EventTypes } from '../event-types/event-type-registry.js';
import { ALL_SUSPICIONS, suspicionsOf } from '../http/input/check-value.js';
import { Fault } from '../http/input/fault.js';
import { RefusedEvent } from './decode/refused-event.js';
import type { Dialect } from './dialects/dialect.js';
import type { Rejection } from './dialects/dialect-answer.js';
import type { IngestRequest } from './dialects/ingest-request.js';
import { TimeSlice } from './time-slice.js';
import { type ValidationContext, validateEvent } from './validate/validate-event.js';

/** Longest excerpt of the client's text in an answer. */
const MAX_ECHO = 300;

export interface AcceptedEvents {
  /** The decoded candidates; empty unless the answer of the dialect needs them. */
  readonly candidates: readonly (RawEvent | RefusedEvent)[];
  readonly events: CountableEvent[];
  readonly rejected: Rejection[];
}

/** What validation needs besides the request. */
export interface AcceptanceRules {
  /** Milliseconds. */
  readonly retention: number;
  readonly types: EventTypes;
  /** Types that the organization allows; absent: all. */
  readonly allowedTypes?: readonly string[] | undefined;
  /** Converts user ids to pseudonyms; absent: they are kept. */
  readonly pseudonymKey?: Buffer | undefined;
  /** Every string of an event comes from JSON in the body. */
  readonly isJsonOnly: boolean;
}

/** Decodes a body, validates each event, and reports each rejection by the client's own field names. */
export function acceptEvents(
  dialect: Dialect,
  request: IngestRequest,
  rules: AcceptanceRules,
): AcceptedEvents {
  const acceptance = new Acceptance(dialect, request, rules);
  for (const candidate of dialect.decode(request)) acceptance.add(candidate);
  return acceptance.result;
}

/** `acceptEvents` for large bodies: other requests are served in between. */
export async function acceptEventsInSlices(
  dialect: Dialect,
  request: IngestRequest,
  rules: AcceptanceRules,
): Promise<AcceptedEvents> {
  const slice = new TimeSlice();
  const acceptance = new Acceptance(dialect, request, rules);
  for (const candidate of dialect.decode(request)) {
    acceptance.add(candidate);
    if (slice.isOver()) await slice.next();
  }
  return acceptance.result;
}

/** Collects the accepted and rejected events of one request. */
class Acceptance {
  readonly result = {
    candidates: [] as (RawEvent | RefusedEvent)[],
    events: [] as CountableEvent[],
    rejected: [] as Rejection[],
  };
  private readonly context: ValidationContext;
  private readonly keepsCandidates: boolean;
  private index = 0;

  constructor(
    private readonly dialect: Dialect,
    { body, now }: IngestRequest,
    private readonly rules: AcceptanceRules,
  ) {
    this.keepsCandidates = (dialect.success?.render ?? dialect.partialSuccess?.render) !== undefined;
    this.context = {
      now,
      retention: rules.retention,
      suspicions: rules.isJsonOnly ? suspicionsOf(body) : ALL_SUSPICIONS,
      types: rules.types,
    };
  }

  add(candidate: RawEvent | RefusedEvent): void {
    const { dialect, result } = this;
    const index = this.index++;
    if (this.keepsCandidates) result.candidates.push(candidate);
    if (candidate instanceof RefusedEvent) {
      result.rejected.push(rejection(index, candidate, candidate.path));
      return;
    }
    const event = this.forbidden(candidate) ?? validateEvent(candidate, this.context);
    if (event instanceof Fault) {
      const path = dialect.clientPath?.(event.path, candidate) ?? event.path;
      result.rejected.push(rejection(index, event, path));
    } else {
      result.events.push(this.anonymized(event));
    }
  }

  private anonymized(event: CountableEvent): CountableEvent {
    const { pseudonymKey } = this.rules;
    if (!pseudonymKey || event.userId === null) return event;
    return { ...event, userId: pseudonym(pseudonymKey, event.userId) };
  }

  private forbidden({ type }: RawEvent): Fault | undefined {
    const { allowedTypes } = this.rules;
    if (!allowedTypes || typeof type !== 'string' || allowedTypes.includes(type)) return undefined;
    return new Fault(
      'type_not_allowed',
      '/type',
      `the organization takes ${allowedTypes.join(', ') || 'no type'}`,
    );
  }
}

const rejection = (index: number, { code, message }: Fault | RefusedEvent, path: string): Rejection => ({
  index,
  code,
  path: echo(path),
  message: echo(message),
});

/** Shortens a long key or type, without splitting a character. */
const echo = (text: string) =>
  (text.length <= MAX_ECHO ? text : `${text.slice(0, MAX_ECHO)}…`).toWellFormed();
