import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { completeOperation, type Operation } from './complete-operation.js';
import { documentPages } from './document-pages.js';
import { problemSchema } from './problem.schema.js';
import { CALLER_SCHEMES, type SecuritySchemes } from './security-schemes.js';

/**
 * The OpenAPI document of all routes.
 * @param pages paths that no controller serves
 * @param schemes security schemes that only some operations refer to
 */
export function documentOf(
  app: NestFastifyApplication,
  pages: OpenAPIObject['paths'],
  schemes: SecuritySchemes,
): OpenAPIObject {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Millrace')
      .setDescription('Accepts events and metrics, counts each exactly once, and serves live aggregates.')
      .setVersion('1')
      .addBasicAuth({ type: 'http', scheme: 'basic', description: 'For the pages at /queues' }, 'basic')
      .build(),
  );
  const { paths, components } = document;
  return {
    ...document,
    paths: { ...mapOperations(paths), ...documentPages, ...pages },
    components: {
      ...components,
      schemas: { ...components?.schemas, Problem: { ...problemSchema } },
      securitySchemes: { ...CALLER_SCHEMES, ...components?.securitySchemes, ...schemes },
    },
  };
}

const mapOperations = (paths: OpenAPIObject['paths']): OpenAPIObject['paths'] =>
  mapValues(paths, (operations) =>
    // Nest puts only operations into a path.
    mapValues(operations as Record<string, Operation>, (operation, method) =>
      completeOperation(method, operation),
    ),
  );

const mapValues = <T, U>(object: Readonly<Record<string, T>>, map: (value: T, name: string) => U) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
