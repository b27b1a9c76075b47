import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { JsonSchema } from '#catalog';

/**
 * A success of a route: what it answers with, and how that is documented. Of several the uppermost is what the
 * framework answers with unless the route says otherwise.
 * @param schema of the JSON body; null when there is none
 */
export const Answers = (status: number, schema: JsonSchema | null, description: string) =>
  applyDecorators(
    HttpCode(status),
    ApiResponse({
      status,
      description,
      ...(schema && { content: { 'application/json': { schema: { ...schema } } } }),
    }),
  );
