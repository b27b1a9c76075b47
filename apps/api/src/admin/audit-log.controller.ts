import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional, isUUID } from 'class-validator';
import type { AuthenticatedRequest } from '../auth/access.guard.js';
import { Requires } from '../auth/access.js';
import { parseInstant } from '../ingest/validation/parse-instant.js';
import { decodeCursor } from '../input/cursor.js';
import { IsText } from '../input/is-text.js';
import { PageQuery, pageOf } from '../input/page.js';
import { invalidQuery, readQuery } from '../input/read-query.js';
import { RangeQuery } from '../input/time-range.js';
import { AuditLogReadModel, type AuditPosition, positionOf } from './audit-log.read-model.js';

const LONGEST_NAME = 300;

class AuditLogQuery extends IntersectionType(RangeQuery, PageQuery) {
  @IsOptional()
  @IsText(LONGEST_NAME)
  action?: string;

  @IsOptional()
  @IsText(LONGEST_NAME)
  actor?: string;
}

@ApiTags('administration')
@Controller('v1/audit-log')
@Requires('administer')
export class AuditLogController {
  constructor(private readonly entries: AuditLogReadModel) {}

  @Get()
  @ApiOperation({
    summary: 'Who did what in the organization, newest first.',
    description:
      'Each batch of events stands among it as `events.ingest`, once it is stored: who has sent it, when and from ' +
      'where, and the counts of it in `details`. `action` picks out the rest where there are many.',
  })
  @ApiQuery({ name: 'from', required: false, description: 'RFC 3339, inclusive' })
  @ApiQuery({ name: 'to', required: false, description: 'RFC 3339, exclusive' })
  @ApiQuery({
    name: 'action',
    required: false,
    description: 'such as `api_key.create`; several, separated by commas',
  })
  @ApiQuery({ name: 'actor', required: false, description: 'such as `key:0123456789abcdef`' })
  @ApiQuery({ name: 'limit', required: false, description: '1 to 1000; default 100' })
  @ApiQuery({ name: 'cursor', required: false })
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { limit, cursor, ...filter } = readQuery(AuditLogQuery, raw);
    const from = filter.from === undefined ? null : parseInstant(filter.from);
    const to = filter.to === undefined ? null : parseInstant(filter.to);
    if (from !== null && to !== null && from >= to) {
      throw invalidQuery([{ path: 'from', message: 'from must be before to' }]);
    }
    const actions = filter.action?.split(',') ?? null;
    const rows = await this.entries.list(
      principal.organizationId,
      { from, to, actions, actor: filter.actor ?? null },
      limit + 1,
      decodeCursor(cursor, isPosition),
    );
    return pageOf(rows, limit, positionOf);
  }
}

const isPosition = (value: readonly unknown[]): value is AuditPosition & unknown[] =>
  typeof value[0] === 'number' &&
  typeof value[1] === 'string' &&
  /^\d{1,18}$/.test(value[1]) &&
  isUUID(value[2]);
