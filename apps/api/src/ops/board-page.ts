import type { OpenAPIObject } from '@nestjs/swagger';
import { QUEUES_PATH } from './queues-board.js';

/** Bull Board in OpenAPI. No controller serves it, so Nest does not find it. */
export const boardPage: OpenAPIObject['paths'] = {
  [QUEUES_PATH]: {
    get: {
      'x-permission': ['administer', 'operate'],
      security: [{ basic: [] }],
      tags: ['operations'],
      operationId: 'getQueues',
      summary: 'The queues as pages.',
      description: "Any user name, and an admin key or the operator's token as password.",
      responses: {
        200: { description: 'Bull Board.', content: { 'text/html': { schema: { type: 'string' } } } },
        401: {
          description: 'Not signed in as an administrator.',
          content: { 'text/plain': { schema: { type: 'string' } } },
          headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
        },
      },
    },
  },
} as OpenAPIObject['paths'];
