import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { expectNoDifference } from '../support/judge.js';
import { Random } from '../support/random.js';
import { type PostedEvent, RandomEvents } from '../support/random-events.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

describe('erasing a person', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;
  const random = Random.announced();

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    // So few series that some events are counted under `__other__`.
    worker = new TestWorker(database.url, 5);
  });

  afterAll(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const request = (organizationId: string, ...userIds: string[]) =>
    owner.query(`INSERT INTO erasures (organization_id, actor, user_ids) VALUES ($1, 'key:test', $2)`, [
      organizationId,
      userIds,
    ]);

  const count = async (query: string, ...values: unknown[]) => {
    const { rows } = await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${query}`, values);
    return rows[0]!.n;
  };

  /** The rollups and the ledger of an organization, with all deltas folded in. */
  const aggregates = async (organizationId: string) => {
    await worker.compact();
    const { rows } = await owner.query(
      `SELECT type, measure, window_seconds, bucket, dimensions, count, sum, min, max, md5(sketch) AS sketch
       FROM rollups WHERE organization_id = $1 ORDER BY type, measure, window_seconds, bucket, dimensions`,
      [organizationId],
    );
    const ledger = await owner.query(
      'SELECT * FROM ledger WHERE organization_id = $1 ORDER BY received_at, batch_id',
      [organizationId],
    );
    return { rollups: rows, ledger: ledger.rows };
  };

  const post = (organizationId: string, events: readonly PostedEvent[]) =>
    worker.persist([batchOf(organizationId, countable(events))]);

  const event = (fields: Partial<PostedEvent> & { ago?: number }): PostedEvent => {
    const { ago = 0, ...rest } = fields;
    return {
      ...{ id: randomUUID(), ts: new Date(Date.now() - ago).toISOString(), type: 'page_view' },
      ...{ payload: { page: '/' }, ...rest },
    };
  };

  it('deletes all their data, keeps that of others, and changes no aggregate', async () => {
    const [{ id: a }, { id: b }] = [
      await database.createOrganization('A'),
      await database.createOrganization('B'),
    ];
    const stream = new RandomEvents(random);
    for (let batch = 0; batch < 12; batch++) {
      const events = stream.events(60);
      for (const organizationId of [a, b]) await post(organizationId, events);
      if (random.chance(0.3)) await worker.compact();
    }
    const before = { a: await aggregates(a), b: await aggregates(b) };
    const others = `events WHERE organization_id = $1 AND user_id <> ALL('{ada,user-1}')`;
    const kept = { a: await count(others, a), b: await count('events WHERE organization_id = $1', b) };
    // Some events that are not folded in when the erasure begins.
    await post(a, [event({ user_id: 'ada', session_id: 'late' }), event({ user_id: 'bob' })]);
    await request(a, 'ada', 'user-1');
    expect(await worker.erase()).toBe(true);

    for (const table of ['events', 'sessions', 'user_days']) {
      const left = await count(`${table} WHERE organization_id = $1 AND user_id = ANY('{ada,user-1}')`, a);
      expect([table, left]).toEqual([table, 0]);
    }
    expect(await count(others, a)).toBe(kept.a + 1);
    expect(await count('events WHERE organization_id = $1', b)).toBe(kept.b);
    await expectNoDifference(database.url);
    const after = await aggregates(a);
    const late = after.rollups.filter((row) => row.type === 'page_view');
    const rest = (rows: typeof late) => rows.filter((row) => row.type !== 'page_view');
    expect(rest(after.rollups)).toEqual(rest(before.a.rollups));
    expect(late.length).toBeGreaterThan(0);
    expect(after.ledger).toEqual(expect.arrayContaining(before.a.ledger));
    expect(await aggregates(b)).toEqual(before.b);
    await expectNoDifference(database.url);
    const { rows } = await owner.query('SELECT user_ids, counts FROM erasures WHERE organization_id = $1', [
      a,
    ]);
    expect(rows).toEqual([{ user_ids: [], counts: expect.objectContaining({ events: expect.any(Number) }) }]);
    expect(rows[0].counts.events).toBeGreaterThan(10);
    expect(rows[0].counts.days).toBeGreaterThan(1);
  });

  it('deletes anonymous events of their sessions, and recounts shared sessions', async () => {
    const { id } = await database.createOrganization('Sessions');
    const talk = { talked_time: 10, microphone_used: true, speaker_used: true, device_type: 'phone' };
    await post(id, [
      event({ session_id: 'own', ago: 90_000_000 }),
      event({ session_id: 'own', user_id: 'ada' }),
      event({ session_id: 'shared', user_id: 'ada', type: 'voice_metric', payload: talk, ago: 5000 }),
      event({ session_id: 'shared', user_id: 'bob', type: 'voice_metric', payload: talk, ago: 1000 }),
      event({ session_id: 'shared', ago: 3000 }),
      event({ session_id: 'shared too', user_id: 'zoe' }),
      event({ session_id: 'shared too' }),
      event({ session_id: 'shared too', user_id: 'bob' }),
      event({ session_id: 'nobody' }),
    ]);
    await request(id, 'ada');
    await worker.erase();
    await request(id, 'zoe');
    await worker.erase();
    const { rows } = await owner.query(
      `SELECT session_id, user_id, events::int, talked_seconds FROM sessions WHERE organization_id = $1 ORDER BY 1`,
      [id],
    );
    expect(rows).toEqual([
      { session_id: 'nobody', user_id: null, events: 1, talked_seconds: 0 },
      { session_id: 'shared', user_id: 'bob', events: 1, talked_seconds: 10 },
      { session_id: 'shared too', user_id: 'bob', events: 1, talked_seconds: 0 },
    ]);
    const { rows: done } = await owner.query(
      'SELECT counts FROM erasures WHERE organization_id = $1 ORDER BY requested_at',
      [id],
    );
    expect(done.map(({ counts }) => counts)).toEqual([
      { events: 4, sessions: 1, days: 1, dead_letters: 0 },
      { events: 2, sessions: 0, days: 1, dead_letters: 0 },
    ]);
    await expectNoDifference(database.url);
  });

  it('merges the counts of several erased people into the same rows', async () => {
    const { id } = await database.createOrganization('Merged');
    const ts = new Date().toISOString();
    await post(
      id,
      ['ada', 'bob', 'eve'].map((user_id) => event({ user_id, ts })),
    );
    for (const user of ['ada', 'bob']) {
      await request(id, user);
      await worker.erase();
    }
    const { rows } = await owner.query('SELECT type, series FROM erased_deltas WHERE organization_id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ type: 'page_view', series: [expect.objectContaining({ c: 2 })] }]);
    await expectNoDifference(database.url);
  });

  it('deletes their dead letters, and the events of sessions named only in those', async () => {
    const { id } = await database.createOrganization('Dead letters');
    await post(id, [
      event({ user_id: 'ada', session_id: 'of ada' }),
      event({ session_id: 'of a dead letter' }),
      event({ session_id: 'of a job' }),
    ]);
    const dead = (letter: object) =>
      owner.query(
        `INSERT INTO dead_letters (organization_id, batch_id, received_at, code, reason, event)
         SELECT $1, batch_id, received_at, '22P02', 'bad', $2 FROM ledger WHERE organization_id = $1`,
        [id, letter],
      );
    for (const letter of [
      { user_id: 'ada', session_id: 'of a dead letter' },
      { user_id: null, session_id: 'of a dead letter' },
      { user_id: null, session_id: 'of ada' },
      { user_id: 'bob', session_id: 'of ada' },
      { user_id: null, session_id: null },
    ]) {
      await dead(letter);
    }
    await request(id, 'ada');
    await worker.erase({ sessionsOf: async () => ['of a job'], erase: async () => 0 });
    expect(await count('events WHERE organization_id = $1', id)).toBe(0);
    expect(await count('sessions WHERE organization_id = $1', id)).toBe(0);
    expect(await count('dead_letters WHERE organization_id = $1', id)).toBe(2);
    expect(await count(`dead_letters WHERE organization_id = $1 AND event->>'user_id' = 'bob'`, id)).toBe(1);
    await owner.query('DELETE FROM dead_letters WHERE organization_id = $1', [id]);
  });

  it('recounts an event by the type revision it was accepted under', async () => {
    const { id } = await database.createOrganization('Own types');
    await owner.query(
      `INSERT INTO event_types (organization_id, name, revision, schema, dimensions, measures) VALUES
         ($1, 'own', 1, '{}', '{a}', '{m}'), ($1, 'own', 2, '{}', '{b}', '{n}')`,
      [id],
    );
    const payload = { a: 'x', b: 'y', m: 1, n: 2 };
    const own = (revision: number, user: string) => {
      const [posted] = countable([event({ user_id: user })]);
      const [dimension, measure] = revision === 1 ? (['a', 'm'] as const) : (['b', 'n'] as const);
      const series = {
        ...{ type: 'own', dimensions: { [dimension]: payload[dimension] }, measures: [measure] },
        typeRevision: revision,
      };
      const counted = { type: 'own', payloadJson: JSON.stringify(payload), series };
      return { ...posted!, ...counted, values: [payload[measure]] };
    };
    await worker.persist([batchOf(id, [own(1, 'ada'), own(2, 'ada'), own(1, 'bob')])]);
    await request(id, 'ada');
    await worker.erase();
    expect(await count('events WHERE organization_id = $1', id)).toBe(1);
    await expectNoDifference(database.url);
  });

  it('takes them off the users of reports, also of one that is being stored', async () => {
    const [{ id }, { id: other }] = [
      await database.createOrganization('Reporting'),
      await database.createOrganization('Other'),
    ];
    const users = (...ids: string[]) => ids.map((user_id) => ({ user_id, sessions: 1 }));
    const insert = (client: pg.Client, organizationId: string, start: string) =>
      client.query(
        `INSERT INTO reports (organization_id, kind, period_start, content) VALUES ($1, 'weekly', $2, $3)`,
        [organizationId, start, { totals: { events: 9 }, users: users('bob', 'ada', 'eve') }],
      );
    await insert(owner, id, '2026-11-02');
    await insert(owner, other, '2026-11-02');
    const storing = new pg.Client({ connectionString: database.url });
    await storing.connect();
    await storing.query('BEGIN');
    await insert(storing, id, '2026-11-09');
    await request(id, 'ada');
    const erased = worker.erase();
    await eventually('the erasure waits', async () => {
      const waiting = await count(`pg_locks WHERE relation = 'reports'::regclass AND NOT granted`);
      return waiting > 0;
    });
    await storing.query('COMMIT');
    await storing.end();
    expect(await erased).toBe(true);
    const { rows } = await owner.query(
      `SELECT organization_id AS id, content FROM reports WHERE organization_id = ANY($1) ORDER BY period_start`,
      [[id, other]],
    );
    const of = (organizationId: string) =>
      rows.filter((row) => row.id === organizationId).map(({ content }) => content);
    const left = { totals: { events: 9 }, users: users('bob', 'eve') };
    expect(of(id)).toEqual([left, left]);
    expect(of(other)).toEqual([{ ...left, users: users('bob', 'ada', 'eve') }]);
  });

  it('changes nothing while the queue is unreachable, and completes once it is back', async () => {
    const { id } = await database.createOrganization('Away');
    await post(id, [event({ user_id: 'ada' })]);
    await request(id, 'ada');
    const away = {
      sessionsOf: async () => [],
      erase: () => Promise.reject(new Error('the queue is away')),
    };
    await expect(worker.erase(away)).rejects.toThrow('the queue is away');
    expect(await count('events WHERE organization_id = $1', id)).toBe(1);
    await expectNoDifference(database.url);
    expect(await worker.erase()).toBe(true);
    expect(await count('events WHERE organization_id = $1', id)).toBe(0);
    await expectNoDifference(database.url);
  });

  it('happens once while events arrive and two workers try it, and every event is counted', async () => {
    const { id } = await database.createOrganization('Busy');
    const stream = new RandomEvents(random);
    const second = new TestWorker(database.url, 5);
    await post(id, stream.events(200));
    await request(id, 'ada');
    const coming = Promise.all(
      Array.from({ length: 8 }, async () => {
        await worker.persist([batchOf(id, countable(stream.events(50)))]);
        await second.compact();
      }),
    );
    const erase = async (by: TestWorker) => {
      for (;;) {
        const done = await by.erase().catch((error: { code?: string; message: string }) => {
          if (error.code === '40001') return false;
          if (error.message === 'nobody is to be erased') return true;
          throw error;
        });
        if (done) return;
      }
    };
    await Promise.all([erase(worker), erase(second), coming]);
    await expectNoDifference(database.url);
    expect(await count(`audit_log WHERE organization_id = $1 AND action = 'user.erased'`, id)).toBe(1);
    await second.end();
  });
});
