import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS } from '../http/access.js';

/** Metadata key of Nest's route handlers. */
const ROUTE_METADATA = 'path';

/**
 * Checks at start that every route declares who may call it.
 * @throws Error naming each handler with neither `Requires` nor `Public`
 */
export function assertAccessDeclared(discovery: DiscoveryService, scanner: MetadataScanner): void {
  const silent = discovery.getControllers().flatMap(({ metatype, name }) => {
    if (!metatype || Reflect.hasMetadata(ACCESS, metatype)) return [];
    const prototype = metatype.prototype as Record<string, object>;
    return scanner
      .getAllMethodNames(prototype)
      .filter((method) => Reflect.hasMetadata(ROUTE_METADATA, prototype[method]!))
      .filter((method) => !Reflect.hasMetadata(ACCESS, prototype[method]!))
      .map((method) => `${name}.${method}`);
  });
  if (silent.length > 0) throw new Error(`these routes declare no access: ${silent.join(', ')}`);
}
