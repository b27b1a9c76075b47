import { Controller, Get, Put, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/access.js';
import type { AuthenticatedRequest } from '../../http/authenticated-request.js';
import { Answers } from '../../http/openapi/answers.js';
import { Refuses } from '../../http/openapi/refusals.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { CHANNELS, channelSchema, channelsBody, savedChannelsSchema } from './channel.schema.js';
import { NotificationChannels } from './notification-channels.js';

@ApiTags('alerts')
@Controller('v1/notification-channels')
export class NotificationChannelsController {
  constructor(private readonly channels: NotificationChannels) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'The channels through which alerts of the organization go, by name.' })
  @Answers(200, pageSchema(channelSchema), 'All of them, without their secrets.')
  async list(@Req() request: AuthenticatedRequest) {
    return this.channels.list(request);
  }

  @Put()
  @Requires('notify')
  @ApiOperation({
    summary: 'Replaces the list of channels.',
    description:
      'A channel is known by its name: one that is not in the list is removed. Requests go to public addresses only, unless ' +
      '`WEBHOOK_ALLOWED_ADDRESSES` lists others; whether they may is found out when they are sent, so try it with a test.',
  })
  @ApiBody({ schema: channelsBody as never, examples: { three: { value: CHANNELS } } })
  @Answers(200, savedChannelsSchema, 'The channels; new ones with their secret, which cannot be read again.')
  @Refuses(409, '`channel_in_use`: a rule names a channel that is not in the list.')
  async replace(@Req() request: AuthenticatedRequest) {
    return this.channels.replace(request);
  }
}
