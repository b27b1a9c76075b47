import { Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { readBody } from '../http/input/read-body.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { pageSchema } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { mailAddress } from './mail-address.js';
import { RecipientBody } from './recipient.body.js';
import { recipientSchema } from './report-recipients.schema.js';
import { MAX_RECIPIENTS, ReportRecipientsStore } from './report-recipients.store.js';

@ApiTags('reports')
@Controller('v1/report-recipients')
@Requires('notify')
export class ReportRecipientsController {
  constructor(private readonly recipients: ReportRecipientsStore) {}

  @Get()
  @ApiOperation({ summary: 'Who gets the reports by mail, by address.' })
  @Answers(200, pageSchema(recipientSchema), 'All of them.')
  async list(@Req() { principal }: AuthenticatedRequest) {
    return { data: await this.recipients.all(principal.organizationId), next_cursor: null };
  }

  @Post()
  @ApiOperation({
    summary: 'Adds a recipient (201), or changes which reports one gets (200).',
    description:
      'Workers mail each report once, when they compute it after its period has ended; a recipient gets those that are ' +
      `computed from then on. An organization has at most ${MAX_RECIPIENTS}. Each mail has a link with which its recipient can ` +
      'unsubscribe. Nothing is mailed while the installation has no mail server.',
  })
  @ApiBody({
    type: RecipientBody,
    examples: { lead: { value: { email: 'lead@example.com', kinds: ['weekly'] } } },
  })
  @Answers(201, recipientSchema, 'Added.')
  @Answers(200, recipientSchema, 'Changed.')
  @Refuses(
    409,
    '`recipient_unsubscribed`: they took themselves off the list, and get reports again only if you remove the recipient and add ' +
      'it anew. Or `too_many_recipients`.',
  )
  async add(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const { email, kinds } = readBody(RecipientBody, request.body);
    const { organizationId } = request.principal;
    const added = await this.recipients.add(actorOf(request), organizationId, mailAddress(email)!, kinds);
    if (added.outcome === 'too_many') {
      throw new Problem(
        409,
        'too_many_recipients',
        `An organization has at most ${MAX_RECIPIENTS} recipients`,
      );
    }
    if (added.outcome === 'unsubscribed') throw unsubscribed();
    reply.status(added.outcome === 'added' ? 201 : 200);
    return added.recipient;
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Removes a recipient. Mails that are not sent yet are cancelled.' })
  @Answers(204, null, 'Removed.')
  async remove(@Req() request: AuthenticatedRequest, @Param('id') id: string): Promise<void> {
    const { organizationId } = request.principal;
    const isRemoved = isUUID(id) && (await this.recipients.remove(actorOf(request), organizationId, id));
    if (!isRemoved) throw recipientNotFound();
  }
}

export const recipientNotFound = () => new Problem(404, 'not_found', 'No such recipient');

/** 409: somebody does not want mail. */
export const unsubscribed = () =>
  new Problem(
    409,
    'recipient_unsubscribed',
    'They unsubscribed. If they ask for reports again, remove the recipient and add it anew',
  );
