import type { RawEvent } from '#catalog';
import type { Answer } from '../../apps/api/src/http/answer.js';
import { type RefusedEvent } from '../../apps/api/src/ingest/decode/refused-event.js';
import type { Dialect } from '../../apps/api/src/ingest/dialects/dialect.js';
import { type IngestOutcome, successAnswer } from '../../apps/api/src/ingest/dialects/dialect-answer.js';
import type { IngestRequest } from '../../apps/api/src/ingest/dialects/ingest-request.js';
import { nativeSuccess } from '../../apps/api/src/ingest/dialects/native-success.js';

/** The instant at which every request of the specs arrives. */
export const receivedAt = Date.parse('2026-11-22T10:00:00.000Z');

/** A request as the dialects see it; a body that is not a string is sent as JSON. */
export function ingestRequest(body: unknown, overrides: Partial<IngestRequest> = {}): IngestRequest {
  return {
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    contentType: 'application/json',
    params: {},
    query: {},
    headers: {},
    now: receivedAt,
    maxEvents: 1000,
    ...overrides,
  };
}

/** Decodes a body that contains one valid event. */
export function decodeOne(dialect: Dialect, body: unknown, overrides?: Partial<IngestRequest>): RawEvent {
  const [event] = dialect.decode(ingestRequest(body, overrides));
  expect(event).not.toHaveProperty('code');
  return event as RawEvent;
}

/** The answer of a dialect when all candidates are accepted, with its body parsed. */
export function successOf(dialect: Dialect, candidates: readonly RawEvent[]): [Answer['status'], unknown] {
  const outcome: IngestOutcome = { batchId: 'b', accepted: candidates.length, rejected: [] };
  const answer = successAnswer(dialect.success ?? nativeSuccess, outcome, candidates, ingestRequest(''));
  return [answer.status, JSON.parse(String(answer.body))];
}

/** A candidate as plain JSON, for comparison. */
export const plain = (candidate: RawEvent | RefusedEvent | undefined): unknown =>
  JSON.parse(JSON.stringify(candidate));

/** Decodes a whole body to its candidates; throws the first problem. */
export const decodeAll = (
  dialect: Dialect,
  body: unknown,
  overrides?: Partial<IngestRequest>,
): (RawEvent | RefusedEvent)[] => [...dialect.decode(ingestRequest(body, overrides))];
