import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The OpenAPI document of the API, made from its controllers and the schemas of its messages. */
export function makeOpenApi(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Albumen')
    .setDescription(
      'Photographs kept, restored in the open and published. Errors are problems (RFC 9457). Uploads: tus 1.0 at /api/uploads. ' +
        'Images: IIIF Image API 3.0 at /iiif/image/{id}.',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.put, path.post, path.patch, path.delete]) {
      const fault = operation?.responses['default'] as Fault | undefined;
      const schema = fault?.content?.['application/json']?.schema;
      if (!fault || !schema) continue;
      document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: schema } };
      fault.content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    }
  }
  return document;
}

/** The default response as the framework writes it: with the problem's schema in place, once per operation. */
interface Fault {
  content?: Record<string, { schema: NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string] }>;
}
