import type { CountableEvent } from '#batch';
import type { RawEvent } from '#catalog';
import { type IngestFormat, type IngestRequest, RefusedEvent, type Rejection } from './ingest-format.js';
import { Turn } from './turns.js';
import { ALL_SUSPICIONS, suspicionsOf } from './validation/check-value.js';
import type { CountableType } from './validation/countable-type.js';
import { Fault } from './validation/fault.js';
import { type ValidationContext, validateEvent } from './validation/validate-event.js';

/** Longest text of the client's that an answer gives back. */
const MAX_ECHO = 300;

export interface Taken {
  /** Kept only for a format that asks for them again. */
  readonly candidates: readonly (RawEvent | RefusedEvent)[];
  readonly events: CountableEvent[];
  readonly rejected: Rejection[];
}

/**
 * Bytes to validated events: decode, validate each, name each refusal in the client's own terms. Lets
 * others have their turn while it goes through a large body.
 */
export async function takeEvents(
  format: IngestFormat,
  request: IngestRequest,
  rules: { readonly retention: number; typeOf(name: string): CountableType | undefined },
): Promise<Taken> {
  const turn = new Turn();
  // Path parameters are not in the body, which the quick look is about.
  const bodyOnly = Object.keys(request.params).length === 0;
  const context: ValidationContext = {
    now: request.now,
    retention: rules.retention,
    suspicions: bodyOnly ? suspicionsOf(request.body) : ALL_SUSPICIONS,
    typeOf: (name) => rules.typeOf(name),
  };
  const taken = { candidates: [] as (RawEvent | RefusedEvent)[], events: [], rejected: [] };
  let index = 0;
  for (const candidate of format.decode(request)) {
    take(candidate, index++, format, context, taken);
    if (format.respond) taken.candidates.push(candidate);
    if (turn.isOver()) await turn.next();
  }
  return taken;
}

function take(
  candidate: RawEvent | RefusedEvent,
  index: number,
  format: IngestFormat,
  context: ValidationContext,
  { events, rejected }: Taken,
): void {
  if (candidate instanceof RefusedEvent) {
    rejected.push(rejection(index, candidate, candidate.path));
    return;
  }
  const result = validateEvent(candidate, context);
  if (result instanceof Fault) {
    rejected.push(rejection(index, result, format.clientPath?.(result.path, candidate) ?? result.path));
  } else {
    events.push(result);
  }
}

const rejection = (index: number, { code, message }: Fault | RefusedEvent, path: string): Rejection => ({
  index,
  code,
  path: echo(path),
  message: echo(message),
});

/** A key or type of megabytes is not sent back whole. */
const echo = (text: string) => (text.length <= MAX_ECHO ? text : `${text.slice(0, MAX_ECHO)}…`);
