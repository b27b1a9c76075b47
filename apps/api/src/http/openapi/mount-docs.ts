import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentOf } from './document.js';
import { DOCUMENT_PATH, PAGES_PATH } from './document-pages.js';
import type { SecuritySchemes } from './security-schemes.js';

/**
 * Serves OpenAPI 3.1 at /openapi.json and as pages at /docs.
 * @param pages paths that no controller serves
 * @param schemes security schemes that only some operations refer to
 */
export function mountDocs(
  app: NestFastifyApplication,
  pages: OpenAPIObject['paths'],
  schemes: SecuritySchemes,
): void {
  SwaggerModule.setup(PAGES_PATH, app, () => documentOf(app, pages, schemes), {
    jsonDocumentUrl: DOCUMENT_PATH,
    raw: ['json'],
  });
}
