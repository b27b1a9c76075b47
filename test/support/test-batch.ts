import { randomUUID } from 'node:crypto';
import { type BatchHeader, type CountableEvent, type EncodedBatch, encodeBatch } from '#batch';
import { builtInTypes } from '#catalog';
import { nativeEventsFormat } from '../../apps/api/src/ingest/formats/native-events.format.js';
import { takeEvents } from '../../apps/api/src/ingest/take-events.js';
import { CountableType, createAjv } from '../../apps/api/src/ingest/validation/countable-type.js';
import { ingestRequest } from './ingest-request.js';
import type { PostedEvent } from './random-events.js';

const ajv = createAjv();
const types = new Map(builtInTypes.map((type) => [type.name, new CountableType(type, ajv)]));
const rules = { retention: 90 * 86_400_000, typeOf: (name: string) => types.get(name) };

/** Takes events in through the API's own validation, which must find nothing wrong. */
export function countable(events: readonly PostedEvent[], now = Date.now()): CountableEvent[] {
  const request = ingestRequest(events, { now, maxEvents: events.length });
  const { events: taken, rejected } = takeEvents(nativeEventsFormat, request, rules);
  expect(rejected).toEqual([]);
  return taken;
}

/** A batch as it lies in the queue. */
export function batchOf(
  organizationId: string,
  events: readonly CountableEvent[],
  header: Partial<BatchHeader> = {},
): EncodedBatch {
  return encodeBatch({ organizationId, batchId: randomUUID(), receivedAt: Date.now(), ...header }, events);
}
