import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { Answers } from '../http/openapi/answers.js';
import { Refuses } from '../http/openapi/refusals.js';
import type { Dialect } from './dialects/dialect.js';
import { nativeAnswer } from './dialects/native-answer.js';

/** `POST /api/metrics/sessions/start` → `postApiMetricsSessionsStart`. */
const operationIdOf = ({ method, path }: Dialect) =>
  method.toLowerCase() + path.replace(/[^a-z0-9]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** `/api/metrics/sessions/:id` → `id`. */
const parameterNames = ({ path }: Dialect) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

/** What OpenAPI says of a dialect's route: all of it is in the dialect. */
export function documented(dialect: Dialect): MethodDecorator[] {
  const { status, schema, description } = dialect.answer ?? nativeAnswer;
  return [
    ApiOperation({
      summary: dialect.summary,
      description: dialect.description,
      operationId: operationIdOf(dialect),
      requestBody: { required: !dialect.bodyOptional, content: contentOf(dialect) },
    }),
    ...parameterNames(dialect).map((name) => ApiParam({ name, type: String })),
    Answers(status, schema, description),
    ...(dialect.acceptance === 'all' ? [Refuses(422)] : []),
  ];
}

/** JSON, and text with one event a line in each further type that the dialect takes. */
function contentOf({ bodySchema, example, mediaTypes = [] }: Dialect) {
  const lines = {
    schema: { type: 'string', description: 'One event a line.' },
    example: `${JSON.stringify(example)}\n`,
  };
  return {
    'application/json': { schema: { ...bodySchema }, example },
    ...Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, lines])),
  };
}
