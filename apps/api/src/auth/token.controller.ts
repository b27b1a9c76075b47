import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayNotEmpty, IsArray, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Pool } from 'pg';
import { parseApiKey, recordAuditAlone, SCOPES, type Scope } from '#identity';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { readBody } from '../http/input/read-body.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { count, described, listOf, oneOf, record, text } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { nativeCredential } from './credential-place.js';
import { scopesWithin, TokenIssuer } from './token-issuer.js';

const DEFAULT_LIFETIME_SECONDS = 900;

class TokenRequest {
  /** Scopes of the token; absent: all of the key's. */
  @ApiPropertyOptional({ enum: SCOPES, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(SCOPES, { each: true })
  scopes?: Scope[];

  /** Seconds. */
  @ApiPropertyOptional({ type: 'integer', minimum: 60, maximum: 3600, default: DEFAULT_LIFETIME_SECONDS })
  @IsInt()
  @Min(60)
  @Max(3600)
  expires_in: number = DEFAULT_LIFETIME_SECONDS;
}

const tokenSchema = record<{
  access_token: string;
  token_type: string;
  expires_in: number;
  scopes: readonly Scope[];
}>('Token', {
  access_token: text,
  token_type: oneOf(['Bearer']),
  expires_in: described(count, 'Seconds.'),
  scopes: listOf(oneOf(SCOPES)),
});

@ApiTags('administration')
@Controller('v1/auth/token')
@Requires('read', 'ingest', 'administer')
export class TokenController {
  constructor(
    private readonly tokens: TokenIssuer,
    private readonly pool: Pool,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Exchanges an API key for a short-lived token, for use in a browser.' })
  @Answers(200, tokenSchema, 'The token.')
  @Refuses(501, 'This server does not issue tokens: `JWT_SECRET` is not set.')
  @ApiBody({ type: TokenRequest, required: false, examples: { short: { value: { expires_in: 300 } } } })
  async exchange(@Req() request: AuthenticatedRequest) {
    if (!this.tokens.isAvailable) {
      throw new Problem(501, 'tokens_not_issued', 'This server does not issue tokens: JWT_SECRET is not set');
    }
    const { scopes, expires_in } = readBody(TokenRequest, request.body);
    const key = parseApiKey(nativeCredential.find(request) ?? '');
    // Otherwise a stolen token could be renewed forever.
    if (!key) throw new Problem(403, 'forbidden', 'Only an API key can be exchanged for a token');
    const within = scopesWithin(request.principal);
    const granted = scopes ?? within;
    if (!granted.every((scope) => within.includes(scope))) {
      throw new Problem(403, 'forbidden', `The key has only the scopes ${within.join(', ')}`);
    }
    const { principal } = request;
    const token = await this.tokens.issue(principal, key.publicId, granted, expires_in, Date.now());
    await recordAuditAlone(this.pool, {
      organizationId: principal.organizationId,
      actor: principal.subject,
      clientAddress: request.clientAddress,
      action: 'token.create',
      details: { scopes: granted, expires_in },
    });
    return { access_token: token, token_type: 'Bearer', expires_in, scopes: granted };
  }
}
