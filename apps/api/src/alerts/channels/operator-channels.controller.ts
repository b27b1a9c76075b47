import { Controller, Get, Post, Put, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { testMessage } from '#alerts';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../../http/authenticated-request.js';
import { Answers } from '../../http/openapi/answers.js';
import { Refuses } from '../../http/openapi/refusals.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { ChannelTests } from '../testing/channel-tests.js';
import { testResultsSchema } from '../testing/test-result.schema.js';
import { CHANNELS, channelSchema, channelsBody, savedChannelsSchema } from './channel.schema.js';
import { NotificationChannels } from './notification-channels.js';

@ApiTags('operations')
@Controller('v1/admin/notification-channels')
@Requires('operate')
export class OperatorChannelsController {
  constructor(
    private readonly channels: NotificationChannels,
    private readonly tests: ChannelTests,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The channels through which alerts about the installation go, by name.' })
  @Answers(200, pageSchema(channelSchema), 'All of them, without their secrets.')
  async list(@Req() request: AuthenticatedRequest) {
    return this.channels.list(request);
  }

  @Put()
  @ApiOperation({
    summary: "Replaces the list of the operator's channels.",
    description: 'As `PUT /v1/notification-channels`. Alerts about the installation go through all of them.',
  })
  @ApiBody({ schema: channelsBody as never, examples: { three: { value: CHANNELS } } })
  @Answers(200, savedChannelsSchema, 'The channels; new ones with their secret, which cannot be read again.')
  async replace(@Req() request: AuthenticatedRequest) {
    return this.channels.replace(request);
  }

  @Post('test')
  @ApiOperation({
    summary: "Sends a test through all of the operator's channels.",
    description: 'A worker sends it. The answer waits up to 15 seconds for what each channel says.',
  })
  @Answers(200, testResultsSchema, 'What each channel said.')
  @Refuses(409, '`too_many_tests`.')
  async test(@Req() request: AuthenticatedRequest) {
    const message = testMessage(null, 'built-in rules', 'Alerts about the installation arrive here.');
    return { data: await this.tests.run(actorOf(request), message, request.principal.organizationId, null) };
  }
}
