import { Logger } from '@nestjs/common';
import { createPool } from '#database';
import type { Token } from '#jobs';
import { AlertEvaluator } from '../../apps/worker/src/alerts/evaluation/alert-evaluator.js';
import { alerts } from '../../apps/worker/src/jobs/alerts.job.js';
import type { JobReplica } from '../support/job-replica.js';
import { BEGINNING, idOf, ScheduledJobs } from '../support/scheduled-jobs.js';

const MINUTE_MS = 60_000;
const WORKERS = 5;
const SLOTS = [0, 1, 2, 3, 4, 5].map((n) => BEGINNING + 30_000 + n * MINUTE_MS);

describe.each(['redis', 'postgres'] as const)('five workers that evaluate, on %s', (backend) => {
  let scheduled: ScheduledJobs;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    scheduled = await ScheduledJobs.create(backend);
  });
  afterEach(() => scheduled?.end());

  it('tell once for each slot, although one dies after its evaluation and before it acknowledges', async () => {
    const { id } = await scheduled.database.createOrganization('Alerted');
    await scheduled.owner.query(
      `INSERT INTO notification_channels (organization_id, name, kind, shown, target)
       VALUES ('${id}', 'ops', 'mail', 'x', 'x');
       INSERT INTO alert_rules (organization_id, name, condition, for_seconds, repeat_seconds, enabled)
       VALUES ('${id}', 'silence', '{"kind": "no_events", "type": null, "where": {}, "minutes": 5}', 60, 120, true)`,
    );
    const pool = createPool({ databaseUrl: scheduled.database.url, role: 'worker', size: 10 });
    const provider = (token: Token) =>
      token === AlertEvaluator ? new AlertEvaluator(pool, 60) : { ALERT_INTERVAL: 60 };
    const fatal = idOf(alerts.name, SLOTS[1]!);
    let died: (replica: JobReplica) => void;
    const death = new Promise<JobReplica>((resolve) => {
      died = resolve;
    });
    let isDead = false;
    try {
      for (let i = 0; i < WORKERS; i++) {
        const dies = async (job: { id?: string }) => {
          if (job.id !== fatal || isDead) return;
          isDead = true;
          died(replica);
          await new Promise(() => {});
        };
        const replica: JobReplica = scheduled.start([alerts], dies, provider);
      }
      await scheduled.tick();
      for (const [n, slot] of SLOTS.entries()) {
        await scheduled.clock.advance(MINUTE_MS);
        await scheduled.tick();
        if (n === 1) {
          const dead = await death;
          await dead.kill();
          scheduled.replicas = scheduled.replicas.filter((replica) => replica !== dead);
        }
        await scheduled.replicas[0]!.settled('completed', [idOf(alerts.name, slot)]);
      }
      const { rows } = await scheduled.owner.query<{ event: string; at: Date }>(
        `SELECT message->>'event' AS event, created_at AS at FROM alert_notifications ORDER BY created_at`,
      );
      expect(rows).toEqual([
        { event: 'firing', at: new Date(SLOTS[1]!) },
        { event: 'repeated', at: new Date(SLOTS[3]!) },
        { event: 'repeated', at: new Date(SLOTS[5]!) },
      ]);
      const repeated = await scheduled.replicas[0]!.queue.getJob(fatal);
      expect(repeated!.attemptsStarted).toBe(2);
    } finally {
      await scheduled.stopReplicas();
      await pool.end();
    }
  });
});
