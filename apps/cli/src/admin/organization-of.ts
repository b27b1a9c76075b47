import { isUUID } from 'class-validator';
import { UsageError } from '../arguments/usage-error.js';

/**
 * The argument `<organization id>`.
 * @throws UsageError when it is not a UUID
 */
export function organizationOf(id: string): string {
  if (!isUUID(id)) throw new UsageError(`<organization id> must be a UUID, not ${id}`);
  return id;
}
