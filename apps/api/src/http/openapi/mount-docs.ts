import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentOf } from './document.js';
import { DOCUMENT_PLACES } from './document-pages.js';
import type { SecuritySchemes } from './security-schemes.js';

/**
 * Serves OpenAPI 3.1 at /openapi.json and as pages at /docs, and at the places of the dialects.
 * @param pages paths that no controller serves
 * @param schemes security schemes that only some operations refer to
 */
export function mountDocs(
  app: NestFastifyApplication,
  pages: OpenAPIObject['paths'],
  schemes: SecuritySchemes,
): void {
  let document: OpenAPIObject | undefined;
  const documentOnce = () => {
    document ??= documentOf(app, pages, schemes);
    return document;
  };
  for (const place of DOCUMENT_PLACES) {
    SwaggerModule.setup(place.pages, app, documentOnce, { jsonDocumentUrl: place.document, raw: ['json'] });
  }
}
