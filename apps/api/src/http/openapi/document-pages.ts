import type { OpenAPIObject } from '@nestjs/swagger';
import { anyObject } from './schema.js';

/** Where the documentation is served: pages and the document itself. */
export interface DocumentPlace {
  readonly pages: string;
  readonly document: string;
}

/** Its own place, and the one where clients of product analytics look. */
export const DOCUMENT_PLACES: readonly DocumentPlace[] = [
  { pages: '/docs', document: '/openapi.json' },
  { pages: '/api/analytics/docs', document: '/api/analytics/openapi.json' },
];

const publicPage = { tags: ['operations'], 'x-permission': 'public', security: [] };

/** The documentation's own routes. No controller serves them, so Nest does not find them. */
export const documentPages = Object.assign({}, ...DOCUMENT_PLACES.map(routesOf)) as OpenAPIObject['paths'];

function routesOf({ pages, document }: DocumentPlace) {
  return {
    [document]: {
      get: {
        ...publicPage,
        operationId: `get${camelCase(document)}`,
        summary: 'This document.',
        responses: {
          200: {
            description: 'OpenAPI 3.1.',
            content: { 'application/json': { schema: anyObject, example: { openapi: '3.1.0' } } },
          },
        },
      },
    },
    [pages]: {
      get: {
        ...publicPage,
        operationId: `get${camelCase(pages)}`,
        summary: 'This document as pages.',
        responses: {
          200: { description: 'Swagger UI.', content: { 'text/html': { schema: { type: 'string' } } } },
        },
      },
    },
  };
}

/** `/api/openapi.json` → `ApiOpenapiJson` */
function camelCase(path: string): string {
  return path.replace(/[/.](\w)/g, (_, letter: string) => letter.toUpperCase());
}
