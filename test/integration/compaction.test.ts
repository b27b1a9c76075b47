import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createPool } from '#database';
import { Compactor } from '#rollups';
import { eachOrganization } from '../../apps/worker/src/organizations/each-organization.js';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

/** A page for each delta, and a round for each page. */
const TINY = { deltas: 3, pageBytes: 1, buckets: 1, bucketsAtOnce: 2 };
const BATCHES = 60;
const FEWEST_KILLS = 10;

/** Everything that compaction writes of organization $1. Sums of fractions depend on their order. */
const COMPACTED = [
  `SELECT session_id, first_seen, last_seen, ended_at, user_id, device, round(talked_seconds::numeric, 3) AS seconds, events
   FROM sessions WHERE organization_id = $1 ORDER BY 1`,
  'SELECT day, user_id, first_quarter, last_quarter FROM user_days WHERE organization_id = $1 ORDER BY 1, 2',
  'SELECT unit, period, user_id FROM user_periods WHERE organization_id = $1 ORDER BY 1, 2, 3',
  'SELECT user_id, first_day FROM user_first_days WHERE organization_id = $1 ORDER BY 1',
  `SELECT type, measure, window_seconds, bucket, dimensions, count, sum::real, min, max, sketch
   FROM rollups WHERE organization_id = $1 ORDER BY 1, 2, 3, 4, 5`,
];

describe('compaction', () => {
  const random = Random.announced();
  let database: TestDatabase;
  let owner: pg.Pool;
  let worker: TestWorker;

  beforeEach(async () => {
    database = await TestDatabase.create();
    owner = new pg.Pool({ connectionString: database.url, max: 2 });
    worker = new TestWorker(database.url);
  });

  afterEach(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const pendingDeltas = async () => {
    const { rows } = await owner.query<{ n: number }>(
      'SELECT ((SELECT count(*) FROM activity_deltas) + (SELECT count(*) FROM rollup_deltas))::int AS n',
    );
    return rows[0]!.n;
  };

  it('in slices gives what one slice gives, whatever arrives meanwhile and wherever it is killed', async () => {
    const [sliced, whole] = [await database.createOrganization('A'), await database.createOrganization('B')];
    const pool = createPool({
      databaseUrl: `${database.url}?application_name=slices`,
      role: 'worker',
      size: 2,
    });
    const slices = new Compactor(pool, TINY);
    const compact = async () => {
      const groups = await slices.deltaGroups();
      for (const group of groups.filter(({ organizationId }) => organizationId === sliced.id)) {
        await slices.compact(group);
      }
    };
    let isOver = false;
    let kills = 0;
    const compacting = (async () => {
      while (!isOver) await compact().catch(() => kills++);
    })();
    const killing = (async () => {
      while (!isOver) {
        await sleep(random.integer(5, 100));
        await owner.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'slices' AND state <> 'idle'`,
        );
      }
    })();
    const source = new RandomEvents(random);
    for (let batch = 0; batch < BATCHES || kills < FEWEST_KILLS; batch++) {
      const events = countable(source.events(random.integer(1, 40)));
      await worker.persist([batchOf(sliced.id, events), batchOf(whole.id, events)]);
    }
    isOver = true;
    await Promise.all([compacting, killing]);
    await expectNoDifference(database.url);
    await compact();
    await worker.compact();
    await pool.end();
    expect(await pendingDeltas()).toBe(0);
    await expectNoDifference(database.url);
    for (const query of COMPACTED) {
      const [ofSlices, ofWhole] = [
        await owner.query(query, [sliced.id]),
        await owner.query(query, [whole.id]),
      ];
      expect(ofWhole.rows.length).toBeGreaterThan(0);
      expect(ofSlices.rows).toEqual(ofWhole.rows);
    }
  });

  it('of 60,000 users and 30,000 series takes no more memory than of a few', async () => {
    const { id } = await database.createOrganization('Large');
    await owner.query(
      `INSERT INTO activity_deltas (organization_id, sessions, user_days)
       SELECT $1, json_agg(json_build_object('session_id', 'session-' || n, 'first_seen', 1e12, 'last_seen', 1e12 + 1,
                'ended_at', null, 'user_id', 'user-' || n, 'device', null, 'talked_seconds', 1, 'events', 1)),
              ('[' || string_agg(json_build_object('day', '2026-11-27', 'user_id', 'user-' || n, 'first', 1, 'last', 2)::text,
                                 E'\\n,') || ']')::json
       FROM generate_series(1, 60000) AS n GROUP BY n / 1000`,
      [id],
    );
    await owner.query(
      `INSERT INTO rollup_deltas (organization_id, type, series)
       SELECT $1, 'page_view', json_agg(json_build_object('d', json_build_object('page', '/page/' || n), 't', 1764201600,
                'c', 1, 'm', json_build_object()))
       FROM generate_series(1, 30000) AS n GROUP BY n / 1000`,
      [id],
    );
    // Of objects that live; Node.js and the libraries take 12 MB. Parsed all at once, these deltas need more than 64.
    const child = spawn(
      process.execPath,
      [
        '--max-old-space-size=40',
        '--max-semi-space-size=2',
        'test/support/compact-process.mjs',
        database.url,
      ],
      { stdio: 'inherit' },
    );
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(await pendingDeltas()).toBe(0);
    const { rows } = await owner.query(
      `SELECT (SELECT count(*) FROM sessions)::int AS sessions, (SELECT sum(events) FROM sessions)::int AS events,
              (SELECT count(*) FROM user_days)::int AS days, (SELECT count(*) FROM user_periods)::int AS periods,
              (SELECT count(*) FROM rollups)::int AS rollups, (SELECT sum(count) FROM rollups)::int AS counted`,
    );
    expect(rows[0]).toEqual({
      ...{ sessions: 60_000, events: 60_000, days: 60_000, periods: 120_000 },
      ...{ rollups: 150_000, counted: 150_000 },
    });
  });

  it('comes before metrics and reports read sessions and users', async () => {
    const { id } = await database.createOrganization('Read');
    await worker.persist([batchOf(id, countable(new RandomEvents(random).events(20)))]);
    const pending: number[] = [];
    const compute = async () => {
      const { rows } = await owner.query<{ n: number }>('SELECT count(*)::int AS n FROM activity_deltas');
      pending.push(rows[0]!.n);
      return 1;
    };
    const context = { logger: console, signal: new AbortController().signal };
    expect(await eachOrganization(worker.pool, compute, context)).toMatchObject({ organizations: 1 });
    expect(pending).toEqual([0]);
  });
});
