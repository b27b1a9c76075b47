import type { CountableEvent } from '#batch';
import type { RawEvent } from '#catalog';
import { type IngestFormat, type IngestRequest, RefusedEvent, type Rejection } from './ingest-format.js';
import { ALL_SUSPICIONS, suspicionsOf } from './validation/check-value.js';
import type { CountableType } from './validation/countable-type.js';
import { Fault } from './validation/fault.js';
import { validateEvent } from './validation/validate-event.js';

export interface Taken {
  readonly candidates: readonly (RawEvent | RefusedEvent)[];
  readonly events: CountableEvent[];
  readonly rejected: Rejection[];
}

/** Bytes to validated events: decode, validate each, name each refusal in the client's own terms. Pure. */
export function takeEvents(
  format: IngestFormat,
  request: IngestRequest,
  rules: { readonly retention: number; typeOf(name: string): CountableType | undefined },
): Taken {
  const candidates = format.decode(request);
  // Path parameters are not in the body, which the quick look is about.
  const bodyOnly = Object.keys(request.params).length === 0;
  const context = {
    now: request.now,
    retention: rules.retention,
    suspicions: bodyOnly ? suspicionsOf(request.body) : ALL_SUSPICIONS,
    typeOf: (name: string) => rules.typeOf(name),
  };
  const events: CountableEvent[] = [];
  const rejected: Rejection[] = [];
  candidates.forEach((candidate, index) => {
    const result = candidate instanceof RefusedEvent ? candidate : validateEvent(candidate, context);
    if (result instanceof RefusedEvent) {
      rejected.push({ index, code: result.code, path: result.path, message: result.message });
    } else if (result instanceof Fault) {
      const path = format.clientPath?.(result.path, candidate as RawEvent) ?? result.path;
      rejected.push({ index, code: result.code, path, message: result.message });
    } else {
      events.push(result);
    }
  });
  return { candidates, events, rejected };
}
