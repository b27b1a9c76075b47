import type { OpenAPIObject } from '@nestjs/swagger';
import type { Access } from '../access.js';
import { type RefusalStatus, refusal } from './refusals.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Either will do. */
const CALLER_SECURITY: Record<string, string[]>[] = [{ 'api-key': [] }, { bearer: [] }];

/** Adds what follows from who may call an operation, and from what it reads: its credentials and its refusals. */
export function completeOperation(method: string, operation: Operation): Operation {
  const isPublic = (operation as { 'x-permission'?: Access })['x-permission'] === 'public';
  const statuses = [...(isPublic ? [] : CALLER_REFUSALS), ...inputRefusals(method, operation)];
  const refusals = Object.fromEntries(statuses.map((status) => [status, refusal(status)]));
  return {
    ...operation,
    security: isPublic ? [] : CALLER_SECURITY,
    // What an operation says itself holds.
    responses: { ...refusals, ...operation.responses },
  };
}

const CALLER_REFUSALS: readonly RefusalStatus[] = [401, 403, 429, 503];

function inputRefusals(method: string, { parameters = [], requestBody }: Operation): RefusalStatus[] {
  const places = parameters.map((parameter) => ('in' in parameter ? parameter.in : undefined));
  return [
    ...(requestBody ? ([400, 413, 415] as const) : []),
    ...(places.includes('query') ? ([400] as const) : []),
    // What is put need not have been there.
    ...(places.includes('path') && method !== 'put' ? ([404] as const) : []),
  ];
}
