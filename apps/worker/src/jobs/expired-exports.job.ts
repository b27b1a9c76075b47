import { Pool } from 'pg';
import { WrittenExportStore } from '#exports';
import { defineJob } from '#jobs';

/** Removes the files of exports that have expired, and of those that may have events of an erased person. */
export const expiredExports = defineJob({
  name: 'expired-exports',
  schedule: '*/5 * * * *',
  inject: [Pool],
  run: async (_context, pool) => ({ removed: await new WrittenExportStore(pool).removeExpired() }),
});
