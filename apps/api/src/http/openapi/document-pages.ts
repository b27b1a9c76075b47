import type { OpenAPIObject } from '@nestjs/swagger';

/** Where the documentation is served. */
export const PAGES_PATH = '/docs';
export const DOCUMENT_PATH = '/openapi.json';

const tags = ['operations'];
const publicAccess = { 'x-permission': 'public', security: [] };

/** The documentation's own routes. No controller serves them, so Nest does not find them. */
export const documentPages: OpenAPIObject['paths'] = {
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
      responses: {
        200: { description: 'Swagger UI.', content: { 'text/html': { schema: { type: 'string' } } } },
      },
    },
  },
} as OpenAPIObject['paths'];
