import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Principal } from '#identity';
import { EventTypeRegistry, type EventTypes } from '../event-types/event-type-registry.js';
import { Problem } from '../http/problem.js';
import { EventMetrics } from '../metrics/event-metrics.js';
import type { Dialect, IngestRequest } from './dialects/dialect.js';
import { nativeAnswer } from './dialects/native-answer.js';
import { EventBuffer } from './enqueue/event-buffer.js';
import { QueueUnavailable } from './enqueue/queue-unavailable.js';
import { QueueWatch } from './enqueue/queue-watch.js';
import { LargeRequests } from './large-requests.js';
import { type Taken, type TakingRules, takeEvents, takeEventsInTurns } from './take-events.js';

const DAY_MS = 86_400_000;
/** Bodies from here on are taken one after the other, each in its own turns of the event loop. */
const LARGE_BYTES = 64 * 1024;

/** The only way in: decode, validate, enqueue, and only then say yes. */
@Injectable()
export class IngestService {
  private readonly retention: number;
  private readonly largeRequests = new LargeRequests();

  constructor(
    private readonly batches: EventBuffer,
    private readonly watch: QueueWatch,
    private readonly environment: Environment,
    private readonly types: EventTypeRegistry,
    private readonly metrics: EventMetrics,
  ) {
    this.retention = environment.EVENT_RETENTION_DAYS * DAY_MS;
  }

  /**
   * @param clientAddress address of the caller
   * @throws Problem, Problem or QueueUnavailable; then nothing was taken
   */
  async take(
    dialect: Dialect,
    principal: Principal,
    clientAddress: string,
    request: Omit<IngestRequest, 'now' | 'maxEvents'>,
  ): Promise<{ status: number; body: object }> {
    if (this.watch.isFull()) throw new QueueUnavailable('the queue is over its high-water mark');
    const { body, contentType, params } = request;
    const maxEvents = this.environment.MAX_BATCH_SIZE;
    const received = { body, contentType, params, now: Date.now(), maxEvents };
    const known = this.types.of(principal);
    const types = known instanceof Promise ? await known : known;
    const rules = this.rulesOf(dialect, principal, types);
    const taken =
      body.length < LARGE_BYTES
        ? takeEvents(dialect, received, rules)
        : await this.largeRequests.run(() => takeEventsInTurns(dialect, received, rules));
    this.metrics.rejected(taken.rejected);
    refuse(dialect, taken);
    const { organizationId, subject: actor } = principal;
    const batchId = await this.batches.add({ organizationId, actor, clientAddress }, taken.events);
    this.metrics.accepted(taken.events.length);
    const outcome = { batchId, accepted: taken.events.length, rejected: taken.rejected };
    const { status, bodyOf } = dialect.answer ?? nativeAnswer;
    return { status, body: bodyOf(outcome, taken.candidates) };
  }

  private rulesOf(dialect: Dialect, { settings, pseudonymKey }: Principal, types: EventTypes): TakingRules {
    return {
      retention: this.retention,
      typeOf: (name) => types.get(name),
      allowedTypes: dialect.restrictable ? settings.allowed_event_types : undefined,
      pseudonymKey,
    };
  }
}

function refuse(dialect: Dialect, { events, rejected }: Taken): void {
  if (rejected.length === 0) return;
  if (dialect.acceptance === 'all') {
    throw new Problem(422, 'invalid_events', 'No event was taken, because these are not valid', rejected);
  }
  if (events.length === 0) throw new Problem(400, 'invalid_events', 'None of the events is valid', rejected);
}
