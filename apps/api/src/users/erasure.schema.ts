import { count, described, nullable, oneOf, record, uuid } from '../http/openapi/schema.js';
import type { Erasure } from './erasures.service.js';
import type { ErasureCounts } from './erasures.store.js';

/** What became of the request to erase somebody. */
export const erasureSchema = record<Erasure>('Erasure', {
  erasure_id: described(uuid, 'Also in the audit log.'),
  status: oneOf(['done', 'pending']),
  erased: nullable(
    record<ErasureCounts>('ErasureCounts', {
      users: described(count, 'What `POST /v1/users` has made known.'),
      events: count,
      sessions: count,
      days: described(count, 'Days on which they were active.'),
      dead_letters: described(count, 'Events that could not be stored.'),
    }),
  ),
});
