import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { JsonSchema } from '#catalog';
import { exemplified } from './example.js';

/**
 * Documents a success response, with an example, and sets its status. With several, the topmost is the default status.
 * @param schema of the JSON body; null: no body
 */
export const Answers = (status: number, schema: JsonSchema | null, description: string) =>
  applyDecorators(
    HttpCode(status),
    ApiResponse({
      status,
      description,
      ...(schema && {
        content: { 'application/json': exemplified(schema) },
      }),
    }),
  );
