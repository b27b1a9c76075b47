import type { OpenAPIObject } from '@nestjs/swagger';
import type { Access } from '../access.js';
import { type RefusalStatus, refusal } from './refusals.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Alternatives. */
const CALLER_SECURITY: Record<string, string[]>[] = [{ 'api-key': [] }, { bearer: [] }];

/** Adds the credentials and error responses that follow from an operation's access and parameters. */
export function completeOperation(method: string, operation: Operation): Operation {
  const isPublic = (operation as { 'x-permission'?: Access })['x-permission'] === 'public';
  const statuses = [...(isPublic ? [] : CALLER_REFUSALS), ...inputRefusals(method, operation)];
  const refusals = Object.fromEntries(statuses.map((status) => [status, refusal(status)]));
  return {
    ...operation,
    security: isPublic ? [] : CALLER_SECURITY,
    // The operation's own responses take precedence.
    responses: { ...refusals, ...operation.responses },
  };
}

const CALLER_REFUSALS: readonly RefusalStatus[] = [401, 403, 429, 503];

function inputRefusals(method: string, { parameters = [], requestBody }: Operation): RefusalStatus[] {
  const places = parameters.map((parameter) => ('in' in parameter ? parameter.in : undefined));
  return [
    ...(requestBody ? ([400, 413, 415] as const) : []),
    ...(places.includes('query') ? ([400] as const) : []),
    // PUT may create what it addresses.
    ...(places.includes('path') && method !== 'put' ? ([404] as const) : []),
  ];
}
