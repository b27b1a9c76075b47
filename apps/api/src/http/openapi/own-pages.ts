import type { OpenAPIObject } from '@nestjs/swagger';
import { QUEUES_PATH } from '../../ops/queues-board.js';

/** Where the documents are. */
export const PAGES_PATH = '/docs';
export const DOCUMENT_PATH = '/openapi.json';

const tags = ['operations'];
const page = { 'text/html': { schema: { type: 'string' } } };
const publicAccess = { 'x-permission': 'public', security: [] };

/** What is no controller's, and so is not found by itself. */
export const ownPages: OpenAPIObject['paths'] = {
  [DOCUMENT_PATH]: {
    get: {
      ...publicAccess,
      tags,
      operationId: 'getOpenapiJson',
      summary: 'This document.',
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object', additionalProperties: true } } },
        },
      },
    },
  },
  [PAGES_PATH]: {
    get: {
      ...publicAccess,
      tags,
      operationId: 'getDocs',
      summary: 'This document as pages.',
      responses: { 200: { description: 'Swagger UI.', content: page } },
    },
  },
  [QUEUES_PATH]: {
    get: {
      'x-permission': ['administer', 'operate'],
      security: [{ basic: [] }],
      tags,
      operationId: 'getQueues',
      summary: 'The queues as pages.',
      description: "Any user name, and an admin key or the operator's token as password.",
      responses: {
        200: { description: 'Bull Board.', content: page },
        401: {
          description: 'Not signed in as an administrator.',
          content: { 'text/plain': { schema: { type: 'string' } } },
          headers: { 'WWW-Authenticate': { schema: { type: 'string' } } },
        },
      },
    },
  },
} as OpenAPIObject['paths'];
