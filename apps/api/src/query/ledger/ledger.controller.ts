import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest } from '../../http/authenticated-request.js';
import { readQuery } from '../../http/input/read-query.js';
import { RangeQuery, timeRange } from '../../http/input/time-range.js';
import { Answers } from '../../http/openapi/answers.js';
import { readerOf } from '../tenant-reads/reader.js';
import { mergeLedger } from './ledger.js';
import { LedgerReadModel } from './ledger.read-model.js';
import { ledgerSchema } from './ledger.schema.js';
import { QueuedBatches } from './queued-batches.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

@ApiTags('query')
@Controller('v1/ledger')
@Requires('read')
export class LedgerController {
  constructor(
    private readonly ledger: LedgerReadModel,
    private readonly queued: QueuedBatches,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The outcome of all received events, by minute.',
    description:
      '`received` = `stored` + `duplicate` + `dead_lettered` + `in_flight`. By default the last hour before `to`.',
  })
  @ApiQuery({ type: RangeQuery })
  @Answers(200, ledgerSchema, 'The minutes, oldest first.')
  async get(@Req() request: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { from, to } = timeRange(readQuery(RangeQuery, raw), {
      to: Date.now() + MINUTE_MS,
      from: (end) => end - HOUR_MS,
    });
    const range = {
      from: Math.floor(from / MINUTE_MS) * MINUTE_MS,
      to: Math.ceil(to / MINUTE_MS) * MINUTE_MS,
    };
    // The queue first: a batch that is stored between the two reads then shows up in the ledger.
    const queued = await this.queued.of(request.principal.organizationId);
    const within = ({ receivedAt }: { receivedAt: number }) =>
      receivedAt >= range.from && receivedAt < range.to;
    const inFlight = queued.inFlight.filter(within);
    const dead = queued.dead.filter(within);
    const { minutes, settled } = await this.ledger.minutes(
      readerOf(request),
      range,
      [...inFlight, ...dead].map((batch) => batch.batchId),
    );
    return {
      from: new Date(range.from),
      to: new Date(range.to),
      data: mergeLedger(minutes, inFlight, dead, new Set(settled)),
      in_flight_complete: queued.complete,
      next_cursor: null,
    };
  }
}
