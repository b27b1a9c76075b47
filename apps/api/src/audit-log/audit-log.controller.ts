import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiQuery, ApiTags, IntersectionType } from '@nestjs/swagger';
import { IsOptional, isUUID } from 'class-validator';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../http/input/cursor.js';
import { IsText } from '../http/input/is-text.js';
import { PageQuery, pageOf } from '../http/input/page.js';
import { parseInstant } from '../http/input/parse-instant.js';
import { invalidQuery, readQuery } from '../http/input/read-query.js';
import { RangeQuery } from '../http/input/time-range.js';
import { Answers } from '../http/openapi/answers.js';
import { pageSchema } from '../http/openapi/schema.js';
import { AuditLogReadModel, type AuditPosition, positionOf } from './audit-log.read-model.js';
import { auditRowSchema } from './audit-log.schema.js';

const MAX_NAME_LENGTH = 300;

class AuditFilterQuery {
  @ApiPropertyOptional({
    maxLength: MAX_NAME_LENGTH,
    description: 'Such as `api_key.create`; several, separated by commas.',
  })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  action?: string;

  @ApiPropertyOptional({ maxLength: MAX_NAME_LENGTH, description: 'Such as `key:0123456789abcdef`.' })
  @IsOptional()
  @IsText(MAX_NAME_LENGTH)
  actor?: string;
}

class AuditLogQuery extends IntersectionType(AuditFilterQuery, RangeQuery, PageQuery) {}

@ApiTags('administration')
@Controller('v1/audit-log')
@Requires('administer')
export class AuditLogController {
  constructor(private readonly entries: AuditLogReadModel) {}

  @Get()
  @ApiOperation({
    summary: 'Who did what in the organization, newest first.',
    description:
      'Includes an entry `events.ingest` for each stored batch: who sent it, when, from where, and its counts in ' +
      '`details`. Filter by `action` to find other entries among many batches.',
  })
  @ApiQuery({ type: AuditLogQuery })
  @Answers(200, pageSchema(auditRowSchema), 'A page of the audit log.')
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(AuditLogQuery, raw);
    const { limit, cursor, ...filter } = query;
    const scope = cursorScope(principal.organizationId, query);
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
      decodeCursor(scope, cursor, isPosition),
    );
    return pageOf(scope, rows, limit, positionOf);
  }
}

const isPosition = (value: readonly unknown[]): value is AuditPosition & unknown[] =>
  value.length === 3 &&
  typeof value[0] === 'number' &&
  typeof value[1] === 'string' &&
  /^\d{1,18}$/.test(value[1]) &&
  isUUID(value[2]);
