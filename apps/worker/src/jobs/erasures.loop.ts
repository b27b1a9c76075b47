import { defineLoop } from '#jobs';
import { LOOK_EVERY_MS, PendingErasures } from '../erasure/pending-erasures.js';

/** Processes pending erasure requests; of several workers one does each. */
export const erasures = defineLoop({
  name: 'erasures',
  everyMs: LOOK_EVERY_MS,
  // PostgreSQL rolls back what takes longer; another worker does it, or this one after its next start.
  graceMs: 2000,
  inject: [PendingErasures],
  run: (context, pending) => pending.process(context),
});
