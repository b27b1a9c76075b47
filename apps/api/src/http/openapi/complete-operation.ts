import type { OpenAPIObject } from '@nestjs/swagger';
import type { Access } from '../access.js';
import { type RefusalStatus, refusal } from './refusals.js';
import { anyOf, CALLER_SCHEMES } from './security-schemes.js';

/** Marks an operation that documents all of its refusals itself. */
export const OWN_REFUSALS = 'x-own-refusals';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  readonly 'x-permission'?: Access;
  readonly [OWN_REFUSALS]?: true;
};

/** Adds the credentials and error responses that follow from an operation's access and parameters. */
export function completeOperation(method: string, given: Operation): Operation {
  const { [OWN_REFUSALS]: hasOwnRefusals, ...operation } = given;
  const isPublic = operation['x-permission'] === 'public';
  const statuses = hasOwnRefusals
    ? []
    : [...(isPublic ? [] : CALLER_REFUSALS), ...inputRefusals(method, operation)];
  const refusals = Object.fromEntries(statuses.map((status) => [status, refusal(status)]));
  return {
    ...operation,
    // The operation's own security and responses take precedence.
    security: isPublic ? [] : (operation.security ?? anyOf(CALLER_SCHEMES)),
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
