import { Pool } from 'pg';
import { READER_LIMITS } from '#database';
import { defineLoop } from '#jobs';
import { endLongReads } from '../readers/long-reads.store.js';

/** Ends what readers run for too long: they can lift the statement timeout of their own session. */
export const longReads = defineLoop({
  name: 'long-reads',
  everyMs: 10_000,
  inject: [Pool],
  async run({ logger }, pool) {
    const ended = await endLongReads(pool, READER_LIMITS.transactionMs);
    if (ended > 0) logger.warn(`Ended ${ended} sessions of SQL readers that ran for too long.`);
  },
});
