import { Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import { Pool } from 'pg';
import { inTenant } from '#database';
import {
  ApiKeyAdministration,
  type ApiKeyPosition,
  ApiKeyStore,
  isPublicId,
  SCOPES,
  type Scope,
} from '#identity';
import { Authenticator } from '../auth/authenticator.js';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../http/input/cursor.js';
import { IsText, isText } from '../http/input/is-text.js';
import { PageQuery, pageOf } from '../http/input/page.js';
import { parseInstant } from '../http/input/parse-instant.js';
import { invalidBody, readBody } from '../http/input/read-body.js';
import { readQuery } from '../http/input/read-query.js';
import { IsInstant } from '../http/input/time-range.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { pageSchema } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { apiKeySchema, newApiKeySchema } from './api-keys.schema.js';

const MAX_NAME_LENGTH = 256;

class NewApiKeyBody {
  @ApiProperty({ maxLength: MAX_NAME_LENGTH })
  @IsText(MAX_NAME_LENGTH)
  name: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes: Scope[];

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, description: 'Default: never' })
  @IsOptional()
  @IsInstant()
  expires_at?: string | null;
}

/** Parameters of `GET /v1/api-keys`. */
class ApiKeysQuery extends PageQuery {}

@ApiTags('administration')
@Controller('v1/api-keys')
@Requires('administer')
export class ApiKeysController {
  constructor(
    private readonly administration: ApiKeyAdministration,
    private readonly pool: Pool,
    private readonly authenticator: Authenticator,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Creates a key. Its text is shown only once.' })
  @Answers(201, newApiKeySchema, 'Created. `api_key` cannot be read again.')
  @Refuses(404)
  @ApiBody({
    type: NewApiKeyBody,
    examples: { reader: { value: { name: 'dashboard', scopes: ['read'], expires_at: null } } },
  })
  async create(@Req() request: AuthenticatedRequest) {
    const { name, scopes, expires_at } = readBody(NewApiKeyBody, request.body);
    const draft = { name, scopes, ...(expires_at ? { expiresAt: future(expires_at, Date.now()) } : {}) };
    const key = await this.administration.create(actorOf(request), request.principal.organizationId, draft);
    if (!key) throw new Problem(404, 'not_found', 'No such organization');
    return key;
  }

  @Get()
  @ApiOperation({ summary: 'The keys of the organization, newest first, without their secrets.' })
  @Answers(200, pageSchema(apiKeySchema), 'A page of keys.')
  @ApiQuery({ type: ApiKeysQuery })
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(ApiKeysQuery, raw);
    const scope = cursorScope(principal.organizationId, query);
    const after = decodeCursor(scope, query.cursor, isPosition);
    const rows = await inTenant(this.pool, principal.organizationId, (client) =>
      new ApiKeyStore(client, principal.organizationId).list(query.limit + 1, after),
    );
    return pageOf(scope, rows, query.limit, ({ created_at, public_id }) => [created_at.getTime(), public_id]);
  }

  @Delete(':public_id')
  @ApiOperation({ summary: 'Revokes a key, within 5 seconds on every replica. Repeating it is harmless.' })
  @Answers(204, null, 'Revoked.')
  async revoke(@Req() request: AuthenticatedRequest, @Param('public_id') publicId: string) {
    const { organizationId } = request.principal;
    const isKnown =
      isPublicId(publicId) && (await this.administration.revoke(actorOf(request), organizationId, publicId));
    if (!isKnown) throw new Problem(404, 'not_found', 'No such key');
    this.authenticator.forget(organizationId);
  }
}

/** @param now milliseconds since the epoch */
function future(instant: string, now: number): Date {
  const at = parseInstant(instant)!;
  if (at <= now) throw invalidBody([{ path: 'expires_at', message: 'expires_at must be in the future' }]);
  return new Date(at);
}

const isPosition = (value: readonly unknown[]): value is ApiKeyPosition & unknown[] =>
  typeof value[0] === 'number' && isText(value[1], MAX_NAME_LENGTH);
