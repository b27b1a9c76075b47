import { Controller, Get, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type ExportFormat, exportFormats } from '#exports';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest } from '../http/authenticated-request.js';
import { readQuery } from '../http/input/read-query.js';
import { Downloads } from './downloads.js';
import { queryOf } from './exports.query.js';
import { ExportsService } from './exports.service.js';

const DESCRIPTION =
  'Oldest first; by default all events within retention. Events that arrive meanwhile may or may not be in it. When it ' +
  'breaks off, the connection is closed in the middle of the body.';

/** The controller of `GET /v1/exports/events.<format>`. */
function controllerOf(format: ExportFormat): Type {
  const shape = queryOf(format);

  @ApiTags('exports')
  @Controller('v1/exports')
  class FormatController {
    constructor(private readonly exports: ExportsService) {}

    @Get(`events.${format.name}`)
    @Requires('export')
    @ApiOperation({
      operationId: `exportEvents${format.name}`,
      summary: `Raw events as ${format.name.toUpperCase()}.`,
      description: DESCRIPTION,
    })
    @ApiQuery({ type: shape })
    @Downloads(format)
    download(
      @Req() request: AuthenticatedRequest,
      @Res() reply: FastifyReply,
      @Query() raw: Record<string, unknown>,
    ): Promise<void> {
      return this.exports.send(request, reply, format, readQuery(shape, raw));
    }
  }
  return FormatController;
}

export const formatControllers = exportFormats.map(controllerOf);
