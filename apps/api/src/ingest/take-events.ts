import type { CountableEvent } from '#batch';
import type { RawEvent } from '#catalog';
import { pseudonym } from '#identity';
import type { CountableType } from '../event-types/countable-type.js';
import { ALL_SUSPICIONS, suspicionsOf } from '../http/input/check-value.js';
import { Fault } from '../http/input/fault.js';
import { RefusedEvent } from './decode/refused-event.js';
import { type Dialect, type IngestRequest, type Rejection } from './dialects/dialect.js';
import { TimeSlice } from './time-slice.js';
import { type ValidationContext, validateEvent } from './validate/validate-event.js';

/** Longest text of the client's that an answer gives back. */
const MAX_ECHO = 300;

export interface Taken {
  /** Kept only for a dialect that asks for them again. */
  readonly candidates: readonly (RawEvent | RefusedEvent)[];
  readonly events: CountableEvent[];
  readonly rejected: Rejection[];
}

/** What validation needs to know beyond the request. */
export interface TakingRules {
  /** Milliseconds. */
  readonly retention: number;
  typeOf(name: string): CountableType | undefined;
  /** Types that the organization allows; absent: all there are. */
  readonly allowedTypes?: readonly string[] | undefined;
  /** Makes pseudonyms of user ids; absent: they are kept. */
  readonly pseudonymKey?: Buffer | undefined;
}

/** Bytes to validated events: decode, validate each, name each refusal in the client's own terms. */
export function takeEvents(dialect: Dialect, request: IngestRequest, rules: TakingRules): Taken {
  const taking = new Taking(dialect, request, rules);
  for (const candidate of dialect.decode(request)) taking.add(candidate);
  return taking.taken;
}

/** `takeEvents` for large bodies: lets others have their turn in between. */
export async function takeEventsInTurns(
  dialect: Dialect,
  request: IngestRequest,
  rules: TakingRules,
): Promise<Taken> {
  const slice = new TimeSlice();
  const taking = new Taking(dialect, request, rules);
  for (const candidate of dialect.decode(request)) {
    taking.add(candidate);
    if (slice.isOver()) await slice.next();
  }
  return taking.taken;
}

/** One request being taken. */
class Taking {
  readonly taken = {
    candidates: [] as (RawEvent | RefusedEvent)[],
    events: [] as CountableEvent[],
    rejected: [] as Rejection[],
  };
  private readonly context: ValidationContext;
  private index = 0;

  constructor(
    private readonly dialect: Dialect,
    { params, body, now }: IngestRequest,
    private readonly rules: TakingRules,
  ) {
    // Path parameters are not in the body, which the quick look is about.
    const bodyOnly = Object.keys(params).length === 0;
    this.context = {
      now,
      retention: rules.retention,
      suspicions: bodyOnly ? suspicionsOf(body) : ALL_SUSPICIONS,
      typeOf: (name) => rules.typeOf(name),
    };
  }

  add(candidate: RawEvent | RefusedEvent): void {
    const { dialect, taken } = this;
    const index = this.index++;
    if (dialect.answer) taken.candidates.push(candidate);
    if (candidate instanceof RefusedEvent) {
      taken.rejected.push(rejection(index, candidate, candidate.path));
      return;
    }
    const result = this.forbidden(candidate) ?? validateEvent(candidate, this.context);
    if (result instanceof Fault) {
      const path = dialect.clientPath?.(result.path, candidate) ?? result.path;
      taken.rejected.push(rejection(index, result, path));
    } else {
      taken.events.push(this.anonymized(result));
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

/** A key or type of megabytes is not sent back whole, and no half of a character. */
const echo = (text: string) =>
  (text.length <= MAX_ECHO ? text : `${text.slice(0, MAX_ECHO)}…`).toWellFormed();
