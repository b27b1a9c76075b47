import { count, described, listOf, record, text, uuid } from '../../http/openapi/schema.js';
import { json, type Rejection, type SuccessAnswer } from './dialect-answer.js';

const rejectionSchema = record<Rejection>('Rejection', {
  index: described(count, 'Position of the event in the request, from 0.'),
  code: described(text, 'Stable, such as `schema_violation`.'),
  path: described(text, "JSON pointer into the client's own event."),
  message: text,
});

/** The answer of most dialects: valid events are accepted, the others are listed. */
export const nativeSuccess: SuccessAnswer = {
  status: 202,
  description: 'Accepted: durable, and counted exactly once.',
  schema: record<{ batch_id: unknown; accepted: unknown; rejected: unknown }>('Acceptance', {
    batch_id: uuid,
    accepted: count,
    rejected: listOf(rejectionSchema),
  }),
  render: ({ batchId, accepted, rejected }) => json({ batch_id: batchId, accepted, rejected }),
};
