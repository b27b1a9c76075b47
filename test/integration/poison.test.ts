import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { CountableEvent } from '#batch';
import { expectNoDifference } from '../support/judge.js';
import { batchOf, countable } from '../support/test-batch.js';
import { TestDatabase } from '../support/test-database.js';
import { TestWorker } from '../support/test-worker.js';

const BATCH = 1000;
const REFUSED = 'refused';

interface DeadLetterRow {
  readonly code: string;
  readonly reason: string;
  readonly event: Readonly<Record<string, unknown>>;
}

describe('events that PostgreSQL refuses', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let worker: TestWorker;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      `ALTER TABLE event_rows ADD CONSTRAINT no_refused CHECK (src IS DISTINCT FROM '${REFUSED}')`,
    );
    worker = new TestWorker(database.url);
  });

  afterAll(async () => {
    await worker?.end();
    await owner?.end();
    await database?.drop();
  });

  const source = () => {
    const ts = new Date().toISOString();
    const payload = { page: '/', status: 200, bytes: 1 };
    return countable(
      Array.from({ length: BATCH }, (_, i) => ({
        id: `${i}-${randomUUID()}`,
        ts,
        type: 'page_view',
        user_id: `user-${i % 10}`,
        session_id: `session-${i % 10}`,
        payload,
      })),
    );
  };

  const deadLetters = async (organizationId: string) => {
    const { rows } = await owner.query<DeadLetterRow>(
      'SELECT code, reason, event FROM dead_letters WHERE organization_id = $1',
      [organizationId],
    );
    return rows;
  };

  const storedIds = async (organizationId: string) => {
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM events WHERE organization_id = $1', [
      organizationId,
    ]);
    return rows.map(({ id }) => id).sort();
  };

  const idsOf = (events: readonly CountableEvent[]) => events.map(({ id }) => id).sort();

  /** Ways to make PostgreSQL refuse an event, with the SQLSTATE of the refusal. */
  const poisons: readonly (readonly [string, string, (event: CountableEvent) => CountableEvent])[] = [
    ['break a constraint', '23514', (event) => ({ ...event, src: REFUSED })],
    ['hold a payload that is not JSON', '22P02', (event) => ({ ...event, payloadJson: '{"page":' })],
    ['hold a NUL', '22021', (event) => ({ ...event, userId: 'a\0b' })],
    ['have an id that holds a NUL', '22021', (event) => ({ ...event, id: `${event.id}\0` })],
    ['have an instant that no timestamp can hold', '22008', (event) => ({ ...event, ts: -8e15 })],
  ];

  const positions: readonly (readonly [string, readonly number[]])[] = [
    ['first', [0]],
    ['last', [BATCH - 1]],
    ['in the middle', [500]],
    ['at both ends', [0, BATCH - 1]],
    ['several', [3, 250, 499, 500, 777]],
    ['adjacent', [511, 512, 513]],
  ];

  it.each(positions)('become dead letters at any position: %s', async (_where, bad) => {
    const { id } = await database.createOrganization('Positions');
    const events = source().map((event, i) => (bad.includes(i) ? poisons[0]![2](event) : event));
    const counts = await worker.persist([batchOf(id, events)]);
    const good = events.filter((_, i) => !bad.includes(i));
    expect(counts).toEqual({
      stored: good.length,
      duplicate: 0,
      deadLettered: bad.length,
      redelivered: 0,
      others: 0,
    });
    expect(await storedIds(id)).toEqual(idsOf(good));
    const dead = await deadLetters(id);
    expect(dead.map(({ event }) => event.id).sort()).toEqual(idsOf(bad.map((i) => events[i]!)));
    await expectNoDifference(database.url);
  });

  it.each(poisons)('become dead letters when they %s', async (_what, code, poison) => {
    const { id } = await database.createOrganization('Kinds');
    const events = source();
    const broken = poison(events[700]!);
    await worker.persist([batchOf(id, events.with(700, broken))]);
    expect(await storedIds(id)).toHaveLength(BATCH - 1);
    const [letter] = await deadLetters(id);
    expect(letter).toMatchObject({
      code,
      event: { id: broken.id.replace('\0', '\u2400'), type: 'page_view', session_id: 'session-0' },
    });
    expect(letter!.reason).not.toBe('');
    // Now the worker has seen the event before, and looks up whether it is stored.
    await worker.persist([batchOf(id, [broken, events[0]!])]);
    expect(await deadLetters(id)).toHaveLength(2);
    await expectNoDifference(database.url);
  });

  it('do not affect other batches and duplicates in the transaction', async () => {
    const [one, other] = [
      await database.createOrganization('One'),
      await database.createOrganization('Other'),
    ];
    const events = source();
    const bad = poisons[0]![2](events[10]!);
    const batch = batchOf(one.id, [...events.slice(0, 10), bad, ...events.slice(11), events[0]!]);
    const counts = await worker.persist([
      batchOf(other.id, source()),
      batch,
      batchOf(one.id, [bad, events[1]!]),
    ]);
    expect(counts).toEqual({
      stored: 2 * BATCH - 1,
      duplicate: 3,
      deadLettered: 1,
      redelivered: 0,
      others: 0,
    });
    await expectNoDifference(database.url);
  });

  it('become dead letters once, however often their batch is delivered', async () => {
    const { id } = await database.createOrganization('Again');
    const events = source().map((event, i) => (i % 100 === 7 ? poisons[1]![2](event) : event));
    const batch = batchOf(id, events);
    const second = new TestWorker(database.url);
    await Promise.all([worker.persist([batch]), second.persist([batch]), second.persist([batch])]);
    await worker.persist([batch]);
    await second.end();
    expect(await deadLetters(id)).toHaveLength(10);
    expect(await storedIds(id)).toHaveLength(BATCH - 10);
    await expectNoDifference(database.url);
  });

  it('are readable although jsonb cannot hold their text', async () => {
    const { id } = await database.createOrganization('Unicode');
    const payload = { 'a\0': ['\ud800', '\0'] };
    const event = { ...source()[0]!, payloadJson: JSON.stringify(payload), src: REFUSED };
    await worker.persist([batchOf(id, [event])]);
    const [letter] = await deadLetters(id);
    expect(letter!.event.payload).toEqual({ 'a\u2400': ['\ufffd', '\u2400'] });
  });

  it('can make up a whole batch', async () => {
    const { id } = await database.createOrganization('Nothing good');
    const events = source().slice(0, 20).map(poisons[0]![2]);
    expect(await worker.persist([batchOf(id, events)])).toMatchObject({ stored: 0, deadLettered: 20 });
    expect(await deadLetters(id)).toHaveLength(20);
    await expectNoDifference(database.url);
  });

  it('are kept in the native format, so that they can be fixed and sent again', async () => {
    const { id } = await database.createOrganization('Mended');
    const [event] = source();
    await worker.persist([batchOf(id, [poisons[0]![2](event!)])]);
    const [letter] = await deadLetters(id);
    expect(letter!.event).toEqual({
      id: event!.id,
      ts: new Date(event!.ts).toISOString(),
      type: 'page_view',
      user_id: event!.userId,
      session_id: event!.sessionId,
      src: REFUSED,
      payload: JSON.parse(event!.payloadJson),
    });
  });
});
