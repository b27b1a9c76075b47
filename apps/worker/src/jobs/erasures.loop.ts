import { defineLoop } from '#jobs';
import { LOOK_EVERY_MS, PendingErasures } from '../erasure/pending-erasures.js';

/** Processes pending erasure requests, each on one worker. */
export const erasures = defineLoop({
  name: 'erasures',
  everyMs: LOOK_EVERY_MS,
  // A longer erasure is rolled back, and repeated by another worker or after the next start.
  graceMs: 2000,
  inject: [PendingErasures],
  run: (context, pending) => pending.process(context),
});
