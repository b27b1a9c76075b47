import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { JsonSchema } from '#catalog';
import type { ExportFormat } from '#exports';
import { exampleOf, exemplified } from '../http/openapi/example.js';
import { Refuses } from '../http/openapi/refusals.js';
import { anyObject, count, flag, listOf, record } from '../http/openapi/schema.js';
import { eventSchema } from '../query/events/event.schema.js';
import { COMPLETE_TRAILER } from './send-export.js';

/** Without the parameters of a media type. */
export const mediaTypeOf = ({ mediaType }: ExportFormat) => mediaType.split(';')[0]!;

const binary: JsonSchema = { type: 'string', format: 'binary' };
const schemas: Readonly<Record<string, JsonSchema>> = {
  csv: { type: 'string', examples: ['id,ts,type\r\n1,2026-01-31T12:00:00.000Z,page_view\r\n'] },
  ndjson: { ...eventSchema, description: 'Each line.' },
  json: record<{ data: unknown; complete: boolean; events: number }>('EventsExport', {
    data: listOf({ ...anyObject, examples: [exampleOf(eventSchema)] }),
    complete: flag,
    events: count,
  }),
};

function contentOf(format: string) {
  const schema = schemas[format];
  return schema ? exemplified(schema) : { schema: { ...binary } };
}

/** Documents that a route answers with an export in one of some formats. */
export const Downloads = (...formats: readonly ExportFormat[]) =>
  applyDecorators(
    ApiResponse({
      status: 200,
      description: `${formats.map(({ description }) => description).join(' ')} The trailer \`${COMPLETE_TRAILER}\` has the number of events.`,
      headers: { 'Content-Disposition': { description: 'A file name.', schema: { type: 'string' } } },
      content: Object.fromEntries(formats.map((format) => [mediaTypeOf(format), contentOf(format.name)])),
    }),
    Refuses(429, 'Too many exports or requests of the organization; `Retry-After` says when to retry.'),
  );
