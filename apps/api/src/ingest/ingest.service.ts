import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { eventRetentionDays, type Principal } from '#identity';
import { EventTypeRegistry, type EventTypes } from '../event-types/event-type-registry.js';
import type { Answer } from '../http/answer.js';
import { Problem } from '../http/problem.js';
import { EventMetrics } from '../metrics/event-metrics.js';
import {
  type AcceptanceRules,
  type AcceptedEvents,
  acceptEvents,
  acceptEventsInSlices,
} from './accept-events.js';
import type { Dialect } from './dialects/dialect.js';
import { successAnswer } from './dialects/dialect-answer.js';
import { EventBuffer } from './enqueue/event-buffer.js';
import { QueueUnavailable } from './enqueue/queue-unavailable.js';
import { QueueWatch } from './enqueue/queue-watch.js';
import type { IngestRoute, ReceivedRequest } from './ingest-route.js';
import { LargeRequests } from './large-requests.js';
import { RejectionCounts } from './rejections/rejection-counts.js';

const DAY_MS = 86_400_000;
/** Bodies from this size on are processed one at a time, in time slices. */
const LARGE_BYTES = 64 * 1024;

/** The only way in: decode, validate, enqueue; the answer comes when the events are durable. */
@Injectable()
export class IngestService {
  private readonly largeRequests = new LargeRequests();

  constructor(
    private readonly batches: EventBuffer,
    private readonly watch: QueueWatch,
    private readonly environment: Environment,
    private readonly types: EventTypeRegistry,
    private readonly metrics: EventMetrics,
    private readonly rejections: RejectionCounts,
  ) {}

  /**
   * @param clientAddress address of the caller
   * @throws Problem or QueueUnavailable; no event is accepted then
   */
  async accept(
    route: IngestRoute,
    received: ReceivedRequest,
    principal: Principal,
    clientAddress: string,
  ): Promise<Answer> {
    if (this.watch.isFull()) throw new QueueUnavailable('the queue is over its high-water mark');
    const { body, contentType, params, query, headers } = received;
    const maxEvents = this.environment.MAX_BATCH_SIZE;
    const request = { body, contentType, params, query, headers, now: Date.now(), maxEvents };
    const known = this.types.of(principal);
    const types = known instanceof Promise ? await known : known;
    const rules = this.rulesOf(route, principal, types);
    const { dialect } = route;
    const { events, rejected, candidates } =
      body.length < LARGE_BYTES
        ? acceptEvents(dialect, request, rules)
        : await this.largeRequests.run(() => acceptEventsInSlices(dialect, request, rules));
    const { organizationId, subject: actor } = principal;
    const refusal = refusalOf(dialect, events.length, rejected);
    const batchId =
      refusal === null && events.length > 0
        ? await this.batches.add({ organizationId, actor, clientAddress }, events)
        : null;
    // Only now: an answer that the queue does not answer names none of them, and they come again.
    this.metrics.rejected(rejected);
    this.rejections.add(organizationId, rejected, request.now);
    if (refusal) throw refusal;
    this.metrics.accepted(events.length);
    const answer = rejected.length === 0 ? route.success : route.partialSuccess;
    return successAnswer(answer, { batchId, accepted: events.length, rejected }, candidates, request);
  }

  private rulesOf(
    { dialect, isJsonOnly }: IngestRoute,
    { settings, pseudonymKey }: Principal,
    types: EventTypes,
  ): AcceptanceRules {
    return {
      retention: eventRetentionDays(settings, this.environment.EVENT_RETENTION_DAYS) * DAY_MS,
      types,
      allowedTypes: dialect.restrictable ? settings.allowed_event_types : undefined,
      pseudonymKey,
      isJsonOnly,
    };
  }
}

/** The answer when no event of a request is accepted, because of the invalid ones; null when some are. */
function refusalOf(dialect: Dialect, accepted: number, rejected: AcceptedEvents['rejected']): Problem | null {
  if (rejected.length === 0) return null;
  if (dialect.acceptance === 'all') {
    return new Problem(422, 'invalid_events', 'No event was accepted, because these are invalid', rejected);
  }
  return accepted === 0 ? new Problem(400, 'invalid_events', 'None of the events is valid', rejected) : null;
}
