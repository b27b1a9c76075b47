import { Controller, Get, Header, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readUnsubscribeToken } from '#mail';
import { Public, TakesBodiesOfStrangers } from '../http/access.js';
import { Refuses } from '../http/openapi/refusals.js';
import { AddressLimitGuard } from '../limit/address-limit.guard.js';
import { ReportRecipientsStore } from './report-recipients.store.js';
import { DONE, QUESTION } from './unsubscribe-page.js';

const HTML = 'text/html; charset=utf-8';

const Page = (description: string) =>
  ApiResponse({ status: 200, description, content: { 'text/html': { schema: { type: 'string' } } } });

/** Where the links in mails lead. The token is all that is needed, and good for nothing else. */
@ApiTags('reports')
@Controller('v1/unsubscribe')
@Public()
@UseGuards(AddressLimitGuard)
export class UnsubscribeController {
  constructor(private readonly recipients: ReportRecipientsStore) {}

  @Get(':token')
  @ApiOperation({ summary: 'A page with a button that unsubscribes. It changes nothing by itself.' })
  @Page('The page, whatever the token.')
  @Refuses(429, 'Too many requests from one network address.')
  @Header('content-type', HTML)
  ask(): string {
    return QUESTION;
  }

  @Post(':token')
  @HttpCode(200)
  @TakesBodiesOfStrangers()
  @ApiOperation({
    summary: 'Takes the address that got the token off the list of recipients.',
    description:
      'For mail programs (RFC 8058) and the page. Any body is accepted, and the answer is always the same.',
  })
  @Page('Done, or there was nothing to do.')
  @Refuses(429, 'Too many requests from one network address.')
  @Header('content-type', HTML)
  async unsubscribe(@Param('token') text: string, @Req() { clientAddress }: FastifyRequest): Promise<string> {
    const token = readUnsubscribeToken(text);
    if (token) await this.recipients.unsubscribe(token, clientAddress);
    return DONE;
  }
}
