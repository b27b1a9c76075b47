import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS } from '../http/access.js';

/** Nest's mark on a method that answers requests. */
const ROUTE_METADATA = 'path';

/**
 * Every route says who may call it: the API does not start otherwise.
 * @throws naming each handler that declares neither a permission nor `Public`
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
  if (silent.length > 0) throw new Error(`these routes do not say who may call them: ${silent.join(', ')}`);
}
