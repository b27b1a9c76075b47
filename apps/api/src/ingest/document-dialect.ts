import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { Refuses } from '../http/openapi/refusals.js';
import { anyOf } from '../http/openapi/security-schemes.js';
import type { DocumentedParameter } from './dialects/dialect.js';
import type { SuccessAnswer } from './dialects/dialect-answer.js';
import { contentOf, DocumentedRefusals } from './document-refusals.js';
import type { IngestRoute } from './ingest-route.js';

/** Documents a route of a dialect in OpenAPI, entirely from the dialect. */
export function Documented({ dialect, method, path, success, partialSuccess }: IngestRoute): MethodDecorator {
  const { summary, description, bodies, bodyOptional, query, headers, credentials, refusal } = dialect;
  return applyDecorators(
    ApiOperation({
      summary,
      ...(description && { description }),
      operationId: operationIdOf(method, path),
      requestBody: { required: !bodyOptional, content: { ...bodies } },
      ...(credentials && { security: credentials.flatMap(({ schemes }) => anyOf(schemes)) }),
    }),
    ...parameterNames(path).map((name) => ApiParam({ name, type: String })),
    ...parameters(query).map((parameter) => ApiQuery(parameter)),
    ...parameters(headers).map((parameter) => ApiHeader(parameter)),
    ...[...new Set([success, partialSuccess])].map(successResponse),
    ...(dialect.acceptance === 'all' && !refusal ? [Refuses(422)] : []),
    ...(refusal ? [DocumentedRefusals(refusal, dialect)] : []),
  );
}

/** `POST /api/metrics/sessions/start` → `postApiMetricsSessionsStart`. */
const operationIdOf = (method: string, path: string) =>
  method.toLowerCase() + path.replace(/[^a-z0-9]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** `/api/metrics/sessions/:id` → `id`. */
const parameterNames = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

const parameters = (documented: Readonly<Record<string, DocumentedParameter>> = {}) =>
  Object.entries(documented).map(([name, { schema, required = false, ...rest }]) => ({
    name,
    required,
    ...rest,
    schema: { type: 'string', ...schema },
  }));

const successResponse = ({ status, description, ...body }: SuccessAnswer) =>
  ApiResponse({ status, description, ...contentOf(body) });
