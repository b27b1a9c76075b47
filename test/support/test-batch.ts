import { randomUUID } from 'node:crypto';
import { type BatchHeader, type CountableEvent, type EncodedBatch, encodeBatch } from '#batch';
import { builtInTypes } from '#catalog';
import { CountableType, createAjv } from '../../apps/api/src/event-types/countable-type.js';
import { ALL_SUSPICIONS } from '../../apps/api/src/http/input/check-value.js';
import { Fault } from '../../apps/api/src/http/input/fault.js';
import { RefusedEvent } from '../../apps/api/src/ingest/decode/refused-event.js';
import { nativeEventsDialect } from '../../apps/api/src/ingest/dialects/native-events.dialect.js';
import { validateEvent } from '../../apps/api/src/ingest/validate/validate-event.js';
import { ingestRequest } from './ingest-request.js';
import type { PostedEvent } from './random-events.js';

const ajv = createAjv();
const types = new Map(builtInTypes.map((type) => [type.name, new CountableType(type, ajv)]));
const rules = { retention: 90 * 86_400_000, types };

/** Validates events as the API does; they must be valid. */
export function countable(events: readonly PostedEvent[], now = Date.now()): CountableEvent[] {
  const context = { ...rules, now, suspicions: ALL_SUSPICIONS };
  const candidates = nativeEventsDialect.decode(ingestRequest(events, { now, maxEvents: events.length }));
  return [...candidates].map((candidate) => {
    const event = candidate instanceof RefusedEvent ? candidate : validateEvent(candidate, context);
    if (event instanceof RefusedEvent || event instanceof Fault) throw new Error(JSON.stringify(event));
    return event;
  });
}

/** A batch as in the queue. */
export function batchOf(
  organizationId: string,
  events: readonly CountableEvent[],
  header: Partial<BatchHeader> = {},
): EncodedBatch {
  return encodeBatch(
    {
      ...{ organizationId, actor: 'key:test', clientAddress: '127.0.0.1' },
      ...{ batchId: randomUUID(), receivedAt: Date.now(), ...header },
    },
    events,
  );
}
