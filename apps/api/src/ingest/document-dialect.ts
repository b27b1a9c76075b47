import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import type { IngestFormat } from './dialects/dialect.js';
import { nativeAnswer } from './dialects/native-answer.js';

/** `POST /api/metrics/sessions/start` → `postApiMetricsSessionsStart`. */
const operationIdOf = ({ method, path }: IngestFormat) =>
  method.toLowerCase() + path.replace(/[^a-z0-9]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** `/api/metrics/sessions/:id` → `id`. */
const parameterNames = ({ path }: IngestFormat) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

/** What OpenAPI says of a format's route: all of it is in the format. */
export function documented(format: IngestFormat): MethodDecorator[] {
  const { status, schema, description } = format.answer ?? nativeAnswer;
  return [
    ApiOperation({
      summary: format.summary,
      description: format.description,
      operationId: operationIdOf(format),
      requestBody: { required: !format.bodyOptional, content: contentOf(format) },
    }),
    ...parameterNames(format).map((name) => ApiParam({ name, type: String })),
    Answers(status, schema, description),
    ...(format.acceptance === 'all' ? [Refuses(422)] : []),
  ];
}

/** JSON, and text with one event a line in each further type that the format takes. */
function contentOf({ bodySchema, example, mediaTypes = [] }: IngestFormat) {
  const lines = {
    schema: { type: 'string', description: 'One event a line.' },
    example: `${JSON.stringify(example)}\n`,
  };
  return {
    'application/json': { schema: { ...bodySchema }, example },
    ...Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, lines])),
  };
}
