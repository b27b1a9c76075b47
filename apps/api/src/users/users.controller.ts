import { Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsEmail, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { pseudonymize } from '#identity';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { decodeCursor } from '../http/input/cursor.js';
import { IsText, isText } from '../http/input/is-text.js';
import { PageQuery, pageOf } from '../http/input/page.js';
import { readBody } from '../http/input/read-body.js';
import { readQuery } from '../http/input/read-query.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { pageSchema } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { erasureSchema } from './erasure.schema.js';
import { ErasuresService } from './erasures.service.js';
import { userSchema } from './users.schema.js';
import { EmailTaken, type UserDraft, UsersStore } from './users.store.js';

/** As an event's `user_id`. */
const LONGEST_ID = 256;
const LONGEST_NAME = 256;

class UserBody implements UserDraft {
  @ApiProperty({ maxLength: LONGEST_ID, description: 'The `user_id` of events' })
  @IsText(LONGEST_ID)
  external_id: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_NAME })
  @IsOptional()
  @IsText(LONGEST_NAME)
  name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'email' })
  @IsOptional()
  @IsEmail()
  email?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_NAME })
  @IsOptional()
  @IsText(LONGEST_NAME)
  team?: string | null;
}

@ApiTags('administration')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly users: UsersStore,
    private readonly erasures: ErasuresService,
  ) {}

  @Post()
  @Requires('ingest', 'administer')
  @ApiOperation({ summary: 'Makes a person known (201), or changes what is known of them (200).' })
  @Answers(201, userSchema, 'Not known before.')
  @Answers(200, userSchema, 'Changed.')
  @Refuses(409, '`email_taken`: the address belongs to another user.')
  @ApiBody({
    type: UserBody,
    examples: { person: { value: { external_id: 'user-1', name: 'Ada', team: 'Engines' } } },
  })
  async put(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const draft = readBody(UserBody, request.body);
    const { principal } = request;
    const external_id = pseudonymize(principal, draft.external_id);
    const { user, isNew } = await this.users
      .put(actorOf(request), principal.organizationId, { ...draft, external_id })
      .catch(told);
    reply.status(isNew ? 201 : 200);
    return user;
  }

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'The people of the organization, in order of their ids.' })
  @Answers(200, pageSchema(userSchema), 'A page of users.')
  @ApiQuery({ type: PageQuery })
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const { limit, cursor } = readQuery(PageQuery, raw);
    const [after] = decodeCursor(cursor, isPosition) ?? [null];
    const rows = await this.users.list(principal.organizationId, limit + 1, after);
    return pageOf(rows, limit, ({ external_id }) => [external_id]);
  }

  @Get(':external_id')
  @Requires('read')
  @ApiOperation({ summary: 'One person.' })
  @Answers(200, userSchema, 'The user.')
  async get(@Req() { principal }: AuthenticatedRequest, @Param('external_id') externalId: string) {
    const user = isText(externalId, LONGEST_ID)
      ? await this.users.find(principal.organizationId, pseudonymize(principal, externalId))
      : null;
    if (!user) throw noSuchUser();
    return user;
  }

  @Delete(':external_id')
  @Requires('administer')
  @ApiOperation({
    summary:
      'Erases a person: what is known of them, their events, sessions, days of activity and dead letters.',
    description:
      'Aggregates hold no person and stay as they are. What was accepted before is erased, too, though it may still ' +
      'be in the queue; what is sent later is taken as that of a new person. In sessions that they were named in, ' +
      'events without a `user_id` are taken for theirs.',
  })
  @Answers(200, erasureSchema, 'Nothing is left of the person.')
  @Answers(202, erasureSchema, 'It will be done, but takes longer; once it is done this answers 404.')
  async erase(
    @Req() request: AuthenticatedRequest,
    @Param('external_id') externalId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (!isText(externalId, LONGEST_ID)) throw noSuchUser();
    const erasure = await this.erasures.erase(actorOf(request), request.principal.organizationId, externalId);
    if (erasure.erased && Object.values(erasure.erased).every((deleted) => deleted === 0)) throw noSuchUser();
    reply.status(erasure.status === 'done' ? 200 : 202);
    return erasure;
  }
}

const noSuchUser = () => new Problem(404, 'not_found', 'There is no such user');

function told(error: unknown): never {
  if (!(error instanceof EmailTaken)) throw error;
  const errors = [{ path: 'email', message: 'another user of the organization has it' }];
  throw new Problem(409, 'email_taken', 'The email address belongs to another user', errors);
}

const isPosition = (value: readonly unknown[]): value is [string] => isText(value[0], LONGEST_ID);
