import { Pool } from 'pg';
import { Environment } from '#config';
import { defineJob } from '#jobs';
import { enforceRetention } from '#retention';

/** Deletes what is no longer kept. At night in UTC, and hours after the horizon of a day: queued events arrive until then. */
export const retention = defineJob({
  name: 'retention',
  schedule: '40 3 * * *',
  inject: [Pool, Environment],
  run: ({ clock, signal, progress }, pool, environment) => {
    const pause = (ms: number) => clock.sleep(ms, signal);
    return enforceRetention({ pool, signal, pause }, environment, clock.now(), progress);
  },
});
