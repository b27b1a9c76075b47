import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { BACKENDS } from '../support/pipeline.js';
import { Random } from '../support/random.js';
import { startApi } from '../support/running-api.js';
import { WebReceiver } from '../support/web-receiver.js';

const SECONDS = 15;
/** Milliseconds that the receiver takes, so that kills come while something is sent. */
const ANSWER_MS = 400;
/** Workers that live at any time, more or less. */
const WORKERS = 3;

jest.setTimeout(180_000);

describe('workers that are killed while alerts fire', () => {
  it.each(BACKENDS)(
    'tell each thing once, or again when they die before they have noted it, on %s',
    async (queue) => {
      const random = Random.announced(`kills on ${queue}`);
      const receiver = await WebReceiver.start();
      receiver.answer = async () => {
        await sleep(ANSWER_MS);
        return { status: 200 };
      };
      const settings = { ALERT_INTERVAL: '1', WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' };
      const running = await startApi({ queue, workers: 0, settings });
      const { database, caller } = running;
      const workers: BuiltProcess[] = [];
      let kills = 0;
      try {
        await database.query(
          `INSERT INTO notification_channels (organization_id, name, kind, shown, target, secret)
         VALUES ($1, 'ops', 'webhook', 'x', $2, 'secret')`,
          [caller.organizationId, receiver.url],
        );
        // Told every second, because nobody sends events.
        await database.query(
          `INSERT INTO alert_rules (organization_id, name, condition, for_seconds, repeat_seconds, enabled)
         SELECT $1, 'silence ' || n, '{"kind": "no_events", "type": null, "where": {}, "minutes": 5}', 0, 1, true
         FROM generate_series(1, 5) AS n`,
          [caller.organizationId],
        );
        workers.push(...(await Promise.all(Array.from({ length: WORKERS }, () => running.startWorker()))));
        for (const end = Date.now() + SECONDS * 1000; Date.now() < end; ) {
          await sleep(random.integer(500, 2000));
          await workers.splice(random.integer(0, workers.length - 1), 1)[0]!.end('SIGKILL');
          kills++;
          workers.push(await running.startWorker());
        }
        await database.query('UPDATE alert_rules SET enabled = false');
        // What a dead worker had taken is free once its lease ends; a test does not wait for that.
        await sleep(2000);
        const left = await database.query(
          `UPDATE alert_notifications SET due_at = now() WHERE status = 'waiting'`,
        );
        const { rows } = await eventually('all is sent', async () => {
          const found = await database.query<{ id: string; attempts: number; told: string }>(
            `SELECT id, attempts, alert_id || ' ' || created_at AS told FROM alert_notifications
           WHERE NOT EXISTS (SELECT FROM alert_notifications WHERE status <> 'sent')
             AND (SELECT count(*) FROM alerts WHERE state <> 'resolved') = 0`,
          );
          return found.rows.length > 0 && found;
        });
        const times = new Map<string, number>();
        for (const { id } of receiver.bodies) times.set(String(id), (times.get(String(id)) ?? 0) + 1);
        // Nothing is lost; one thing is one notification; and only what was taken twice came twice.
        expect(rows.filter(({ id }) => !times.has(id))).toEqual([]);
        expect(new Set(rows.map(({ told }) => told)).size).toBe(rows.length);
        expect(rows.filter(({ id, attempts }) => times.get(id)! > attempts)).toEqual([]);
        const again = [...times.values()].filter((count) => count > 1).length;
        process.stdout.write(
          `${queue}: ${kills} kills, ${rows.length} notifications, ${left.rowCount} cut off, ${again} sent again\n`,
        );
        const ends = receiver.bodies.filter(({ event }) => event === 'resolved').map(({ id }) => id);
        expect(new Set(ends).size).toBe(5);
        expect(rows.length).toBeGreaterThan(SECONDS);
      } finally {
        await running.stop();
        await receiver.stop();
      }
    },
  );
});
