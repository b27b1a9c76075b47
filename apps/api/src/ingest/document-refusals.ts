import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import { mediaTypeOf } from '../http/body-rules.js';
import { OWN_REFUSALS } from '../http/openapi/complete-operation.js';
import { exemplified } from '../http/openapi/example.js';
import { refusal as problemResponse, type RefusalStatus } from '../http/openapi/refusals.js';
import { Problem } from '../http/problem.js';
import type { Dialect } from './dialects/dialect.js';
import {
  type AnswerBody,
  JSON_TEXT,
  type RefusalAnswer,
  type RefusedRequest,
  refusalAnswer,
} from './dialects/dialect-answer.js';

/** A problem of each kind that a dialect has to answer: its status, and the most usual code. */
const PROBLEMS: readonly (readonly [status: RefusalStatus, code: string])[] = [
  [400, 'invalid_events'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [413, 'body_too_large'],
  [415, 'unsupported_media_type'],
  [422, 'invalid_events'],
  [429, 'rate_limited'],
  [503, 'queue_unavailable'],
];
const SAMPLE_REQUEST: RefusedRequest = { contentType: '', params: {}, query: {}, headers: {} };

/** A dialect's own refusals. What they are is found by asking it: it may answer with statuses other than ours. */
export function DocumentedRefusals(refusal: RefusalAnswer, { acceptance }: Dialect): MethodDecorator {
  const problems = PROBLEMS.filter(([status]) => status !== 422 || acceptance === 'all');
  const responses = problems.map(([status, code]) => {
    const problem = new Problem(status, code, 'Explanation of the error.');
    const answer = refusalAnswer(refusal, problem, SAMPLE_REQUEST);
    const { content: _, ...response } = problemResponse(status);
    return ApiResponse({
      ...response,
      status: answer.status,
      ...contentOf({ ...refusal, contentType: answer.contentType ?? JSON_TEXT }),
    });
  });
  return applyDecorators(ApiExtension(OWN_REFUSALS, true), ...responses);
}

export const contentOf = ({ contentType = JSON_TEXT, schema }: AnswerBody) =>
  schema && {
    content: { [mediaTypeOf(contentType)]: exemplified(schema) },
  };
