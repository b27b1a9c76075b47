import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Principal } from '#identity';
import { queueUnavailable } from '../problem/problem.filter.js';
import { Problem } from '../problem/problem.js';
import { BatchQueue } from './batch-queue.js';
import { EventTypesService } from './event-types.service.js';
import type { IngestFormat, IngestRequest } from './ingest-format.js';
import { QueueDepth } from './queue-depth.js';
import { type Taken, type TakingRules, takeEvents, takeEventsInTurns } from './take-events.js';
import { Turns } from './turns.js';

const DAY_MS = 86_400_000;
/** Bodies from here on are taken one after the other, each in its own turns of the event loop. */
const LARGE_BYTES = 64 * 1024;

export interface IngestAnswer {
  readonly status: number;
  readonly body: object;
}

/** The only way in: decode, validate, enqueue, and only then say yes. */
@Injectable()
export class IngestService {
  private readonly rules: TakingRules;
  private readonly turns = new Turns();

  constructor(
    private readonly batches: BatchQueue,
    private readonly depth: QueueDepth,
    private readonly environment: Environment,
    types: EventTypesService,
  ) {
    this.rules = {
      retention: environment.EVENT_RETENTION_DAYS * DAY_MS,
      typeOf: (name) => types.typeOf(name),
    };
  }

  /**
   * @param origin address of the caller
   * @throws Problem, IngestProblem or QueueUnavailable; then nothing was taken
   */
  async take(
    format: IngestFormat,
    { organizationId, subject, settings, pseudonymKey }: Principal,
    origin: string,
    request: Omit<IngestRequest, 'now' | 'maxEvents'>,
  ): Promise<IngestAnswer> {
    if (this.depth.isFull()) throw queueUnavailable();
    const { body, contentType, params } = request;
    const maxEvents = this.environment.MAX_BATCH_SIZE;
    const received = { body, contentType, params, now: Date.now(), maxEvents };
    const { allowed_event_types: allowedTypes } = settings;
    const rules: TakingRules = {
      ...this.rules,
      ...{ pseudonymKey, allowedTypes: format.restrictable ? allowedTypes : undefined },
    };
    const taken =
      body.length < LARGE_BYTES
        ? takeEvents(format, received, rules)
        : await this.turns.take(() => takeEventsInTurns(format, received, rules));
    refuse(format, taken);
    const batchId = await this.batches.add({ organizationId, actor: subject, origin }, taken.events);
    const outcome = { batchId, accepted: taken.events.length, rejected: taken.rejected };
    return (
      format.respond?.(outcome, taken.candidates) ?? {
        status: 202,
        body: { batch_id: batchId, accepted: outcome.accepted, rejected: outcome.rejected },
      }
    );
  }
}

function refuse(format: IngestFormat, { events, rejected }: Taken): void {
  if (rejected.length === 0) return;
  if (format.acceptance === 'all') {
    throw new Problem(422, 'invalid_events', 'No event was taken, because these are not valid', rejected);
  }
  if (events.length === 0) throw new Problem(400, 'invalid_events', 'None of the events is valid', rejected);
}
