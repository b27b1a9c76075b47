import { Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { type ExportRow, exportFormats, formatNamed } from '#exports';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { readBody } from '../http/input/read-body.js';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import { listOf, record } from '../http/openapi/schema.js';
import { Problem } from '../http/problem.js';
import { mediaTypeOf } from './downloads.js';
import { ExportBody } from './export-jobs.body.js';
import { answerOf, type ExportAnswer, exportSchema } from './export-jobs.schema.js';
import { ExportJobs } from './export-jobs.service.js';
import { ExportsService, filterOf } from './exports.service.js';

@ApiTags('exports')
@Controller('v1/exports')
@Requires('export')
export class ExportJobsController {
  constructor(
    private readonly jobs: ExportJobs,
    private readonly exports: ExportsService,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Asks for an export as a job, whose file can be downloaded for a day.',
    description: 'A worker writes the file. If it dies, another one goes on where it stopped.',
  })
  @Answers(202, exportSchema, 'The export is queued.')
  @Refuses(409, '`too_many_exports`: the organization has ten.')
  @ApiBody({
    type: ExportBody,
    examples: {
      pages: { value: { format: 'csv', filter: { type: 'page_view' }, columns: ['payload.page'] } },
    },
  })
  async post(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const { format, filter = {}, columns = null, bom, end_line } = readBody(ExportBody, request.body);
    const row = await this.jobs.request(actorOf(request), request.principal.organizationId, {
      format,
      filter: filterOf(request, filter, this.exports.rangeOf(filter)),
      columns,
      options: { bom, end_line },
    });
    void reply.header('location', `/v1/exports/${row.id}`);
    return answerOf(row, Date.now());
  }

  @Get()
  @ApiOperation({ summary: 'Exports that were asked for as jobs, newest first.' })
  @Answers(200, record<{ data: unknown }>('Exports', { data: listOf(exportSchema) }), 'All exports.')
  async list(@Req() { principal }: AuthenticatedRequest): Promise<{ data: ExportAnswer[] }> {
    const rows = await this.jobs.list(principal.organizationId);
    return { data: rows.map((row) => answerOf(row, Date.now())) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far an export is.' })
  @Answers(200, exportSchema, 'The export.')
  async get(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    return answerOf(await this.found(request, id), Date.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends an export and removes its file.' })
  @Answers(204, null, 'Removed.')
  async remove(@Req() request: AuthenticatedRequest, @Param('id') id: string): Promise<void> {
    await this.found(request, id);
    await this.jobs.remove(request.principal.organizationId, id);
  }

  @Get(':id/file')
  @ApiOperation({ summary: 'The file of a finished export.' })
  @ApiResponse({
    status: 200,
    description: 'The file, of the length in `Content-Length`.',
    content: Object.fromEntries(
      exportFormats.map((format) => [mediaTypeOf(format), { schema: { type: 'string', format: 'binary' } }]),
    ),
  })
  @Refuses(409, '`export_not_ready`: it is not finished, or has failed.')
  @Refuses(410, '`export_expired`: ask for a new export.')
  async file(@Req() request: AuthenticatedRequest, @Param('id') id: string, @Res() reply: FastifyReply) {
    const row = await this.found(request, id);
    const { status } = answerOf(row, Date.now());
    if (status !== 'done') throw new Problem(409, 'export_not_ready', `The export is ${status}`);
    if (row.expires_at.getTime() <= Date.now())
      throw new Problem(410, 'export_expired', 'The file has expired');
    reply.headers({
      'content-type': formatNamed(row.request.format)!.mediaType,
      'content-disposition': `attachment; filename="events-${id}.${row.request.format}"`,
      'content-length': row.bytes,
      'cache-control': 'no-store',
    });
    await reply.send(request.method === 'HEAD' ? '' : this.jobs.file(request.principal.organizationId, row));
  }

  /** @throws Problem 404 */
  private async found({ principal }: AuthenticatedRequest, id: string): Promise<ExportRow> {
    const row = isUUID(id) ? await this.jobs.find(principal.organizationId, id) : null;
    if (!row) throw new Problem(404, 'not_found', 'No such export');
    return row;
  }
}
