import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { pseudonymize } from '#identity';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { cursorScope, decodeCursor } from '../http/input/cursor.js';
import { PageQuery, pageOf } from '../http/input/page.js';
import { readBody } from '../http/input/read-body.js';
import { readQuery } from '../http/input/read-query.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { pageSchema } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { isUserId, userNotFound } from './user-id.js';
import { UserBody } from './users.body.js';
import { userSchema } from './users.schema.js';
import { EmailTaken, UsersStore } from './users.store.js';

/** Parameters of `GET /v1/users`. */
class UsersQuery extends PageQuery {}

@ApiTags('administration')
@Controller('v1/users')
export class UsersController {
  constructor(private readonly users: UsersStore) {}

  @Post()
  @Requires('ingest', 'administer')
  @ApiOperation({ summary: 'Creates a user (201), or updates one (200).' })
  @Answers(201, userSchema, 'Created.')
  @Answers(200, userSchema, 'Updated.')
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
      .catch((error) => {
        throw toProblem(error);
      });
    reply.status(isNew ? 201 : 200);
    return user;
  }

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Users of the organization, ordered by id.' })
  @Answers(200, pageSchema(userSchema), 'A page of users.')
  @ApiQuery({ type: UsersQuery })
  async list(@Req() { principal }: AuthenticatedRequest, @Query() raw: Record<string, unknown>) {
    const query = readQuery(UsersQuery, raw);
    const scope = cursorScope(principal.organizationId, query);
    const [after] = decodeCursor(scope, query.cursor, isPosition) ?? [null];
    const rows = await this.users.list(principal.organizationId, query.limit + 1, after);
    return pageOf(scope, rows, query.limit, ({ external_id }) => [external_id]);
  }

  @Get(':external_id')
  @Requires('read')
  @ApiOperation({ summary: 'One user.' })
  @Answers(200, userSchema, 'The user.')
  async get(@Req() { principal }: AuthenticatedRequest, @Param('external_id') externalId: string) {
    const user = isUserId(externalId)
      ? await this.users.find(principal.organizationId, pseudonymize(principal, externalId))
      : null;
    if (!user) throw userNotFound();
    return user;
  }
}

function toProblem(error: unknown): unknown {
  if (!(error instanceof EmailTaken)) return error;
  const errors = [{ path: 'email', message: 'another user of the organization has it' }];
  return new Problem(409, 'email_taken', 'The email address belongs to another user', errors);
}

const isPosition = (value: readonly unknown[]): value is [string] => isUserId(value[0]);
