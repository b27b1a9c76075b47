import { count, described, nullable, oneOf, record, uuid } from '../http/openapi/schema.js';
import type { Erasure } from './erasures.service.js';
import type { ErasureCounts } from './erasures.store.js';

/** Answer to a request to erase a user. */
export const erasureSchema = record<Erasure>('Erasure', {
  erasure_id: described(uuid, 'Also in the audit log.'),
  status: oneOf(['done', 'pending']),
  erased: nullable(
    record<ErasureCounts>('ErasureCounts', {
      users: described(count, 'Profiles from `POST /v1/users`.'),
      events: count,
      sessions: count,
      days: described(count, 'Days on which the user was active.'),
      dead_letters: described(count, 'Events that could not be stored.'),
    }),
  ),
});
