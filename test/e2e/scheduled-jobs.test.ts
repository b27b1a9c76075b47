import { eventually } from '../support/eventually.js';
import { startApi } from '../support/running-api.js';

const JOB = 'event-partitions';

describe.each(['redis', 'postgres'] as const)('a worker on %s', (queue) => {
  it('runs the hourly slot that was missed while no worker ran', async () => {
    const running = await startApi({ queue, workers: 0 });
    try {
      const { database } = running;
      await database.query(
        `INSERT INTO job_runs (job, slot, started_at, finished_at) VALUES ($1, now() - interval '3 hours', now(), now())`,
        [JOB],
      );
      await running.startWorker();
      const slots = await eventually('the last hour is run', async () => {
        const { rows } = await database.query<{ age: number; counts: object }>(
          `SELECT extract(epoch FROM now() - slot)::float8 AS age, counts FROM job_runs
           WHERE job = $1 AND slot = date_trunc('hour', slot)`,
          [JOB],
        );
        return rows.length > 0 && rows;
      });
      // On the hour, two slots may be due.
      expect(slots.every(({ age }) => age < 3700)).toBe(true);
      expect(slots[0]!.counts).toEqual({ created: 0 });
    } finally {
      await running.stop();
    }
  });
});
