import type { ProblemError } from '../problem.js';
import { count, described, listOf, record, text } from './schema.js';

/** Schema of every problem document. */
export const problemSchema = record<{
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors: readonly ProblemError[];
}>(
  'Problem',
  {
    type: text,
    title: described(text, 'Name of the status.'),
    status: count,
    detail: described(text, 'Explanation for people.'),
    code: described(text, 'Stable code for programs.'),
    errors: listOf(
      record<ProblemError>(
        'ProblemError',
        {
          index: described(count, 'Position of the event in the request, from 0.'),
          code: text,
          path: described(text, 'Field, parameter or JSON pointer.'),
          message: text,
        },
        ['index', 'code'],
      ),
    ),
  },
  ['errors'],
);
