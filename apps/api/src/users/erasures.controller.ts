import { Controller, Delete, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { Answers } from '../http/openapi/answers.js';
import { erasureSchema } from './erasure.schema.js';
import { ErasuresService } from './erasures.service.js';
import { isUserId, userNotFound } from './user-id.js';

@ApiTags('administration')
@Controller('v1/users')
export class ErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  @Delete(':external_id')
  @Requires('administer')
  @ApiOperation({
    summary: 'Erases a user: profile, events, sessions, days of activity and dead letters.',
    description:
      'Aggregates contain no user and stay unchanged. Events accepted earlier are erased even if they are still in ' +
      'the queue; events sent later belong to a new user. Events without a `user_id` are erased with the sessions ' +
      'that the user is named in.',
  })
  @Answers(200, erasureSchema, 'The user was erased.')
  @Answers(
    202,
    erasureSchema,
    'The erasure continues in the background; the same request answers 404 once it is done.',
  )
  async erase(
    @Req() request: AuthenticatedRequest,
    @Param('external_id') externalId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (!isUserId(externalId)) throw userNotFound();
    const erasure = await this.erasures.erase(actorOf(request), request.principal.organizationId, externalId);
    if (erasure.erased && Object.values(erasure.erased).every((deleted) => deleted === 0))
      throw userNotFound();
    reply.status(erasure.status === 'done' ? 200 : 202);
    return erasure;
  }
}
