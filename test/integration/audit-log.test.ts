import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import { createPool, inTenant } from '#database';
import {
  AuditLogReadModel,
  type AuditRow,
  positionOf,
} from '../../apps/api/src/audit-log/audit-log.read-model.js';
import { Random } from '../support/random.js';
import { TestDatabase } from '../support/test-database.js';

const NO_FILTER = { from: null, to: null, actions: null, actor: null };
const ACTIONS = ['api_key.create', 'organization.change', 'event_type.register'];
const ACTORS = ['key:1', 'user:ada', 'operator'];

interface Entry {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
}

describe('the audit log, merged from acts and batches', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let api: pg.Pool;
  let log: AuditLogReadModel;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    api = createPool({ databaseUrl: database.url, role: 'api', size: 1 });
    log = new AuditLogReadModel(api);
  });
  afterAll(async () => {
    await api?.end();
    await owner?.end();
    await database?.drop();
  });

  /** Writes one entry, at one of ten milliseconds. */
  async function write(organizationId: string, random: Random): Promise<Entry> {
    const [at, actor] = [1_800_000_000_000 + random.integer(0, 9), random.pick(ACTORS)];
    if (random.chance(0.5)) {
      const batch = randomUUID();
      await owner.query(
        `INSERT INTO ledger VALUES ($1, to_timestamp($2::float8 / 1000), $3, 3, 2, 1, 0, $4, '::1')`,
        [organizationId, at, batch, actor],
      );
      return { id: batch, at, actor, action: 'events.ingest' };
    }
    const action = random.pick(ACTIONS);
    const { rows } = await owner.query<{ id: string }>(
      `INSERT INTO audit_log (organization_id, at, actor, action)
       VALUES ($1, to_timestamp($2::float8 / 1000), $3, $4) RETURNING id`,
      [organizationId, at, actor, action],
    );
    return { id: rows[0]!.id, at, actor, action };
  }

  /** Newest first; at one instant acts before batches, the later written act first. */
  function order(a: Entry, b: Entry): number {
    const rank = ({ action }: Entry) => (action === 'events.ingest' ? 1 : 0);
    if (a.at !== b.at || rank(a) !== rank(b)) return b.at - a.at || rank(a) - rank(b);
    if (rank(a) === 1) return a.id < b.id ? 1 : -1;
    return Number(b.id) - Number(a.id);
  }

  it('lists every entry of an organization once and in order, for any page size and filter', async () => {
    const random = Random.announced('audit logs');
    const [own, other] = [randomUUID(), randomUUID()];
    const entries: Entry[] = [];
    for (let i = 0; i < 150; i++) {
      entries.push(await write(own, random));
      await write(other, random);
    }
    entries.sort(order);
    const some = <T>(value: () => T) => (random.chance(0.5) ? value() : null);
    for (let i = 0; i < 60; i++) {
      const bound = () => 1_800_000_000_000 + random.integer(-1, 11);
      const filter = {
        from: some(bound),
        to: some(bound),
        actions: some(() => random.shuffle(['events.ingest', 'nothing', ...ACTIONS]).slice(0, 2)),
        actor: some(() => random.pick(ACTORS)),
      };
      const expected = entries.filter(
        ({ at, action, actor }) =>
          (filter.from === null || at >= filter.from) &&
          (filter.to === null || at < filter.to) &&
          (filter.actions?.includes(action) ?? true) &&
          (filter.actor === null || actor === filter.actor),
      );
      const limit = random.integer(1, 40);
      const seen: AuditRow[] = [];
      for (;;) {
        const last = seen.at(-1);
        const page = await log.list(own, filter, limit, last ? positionOf(last) : null);
        seen.push(...page);
        if (page.length < limit) break;
      }
      const listed = seen.map(({ id, at, actor, action }) => ({ id, at: at.getTime(), actor, action }));
      expect([filter, listed]).toEqual([filter, expected]);
    }
  });

  it('is read from indexes, with 100,000 batches', async () => {
    const organization = randomUUID();
    const since = (n: string) => `now() - ${n} * interval '1 second'`;
    await owner.query(
      `INSERT INTO ledger SELECT '${organization}', ${since('n')}, gen_random_uuid(), 1, 1, 0, 0, 'key:' || n % 3, '::1'
       FROM generate_series(1, 100000) AS n;
       INSERT INTO audit_log (organization_id, at, actor, action)
       SELECT '${organization}', ${since('60 * n')}, 'user:' || n % 3, 'api_key.create'
       FROM generate_series(1, 3000) AS n;
       ANALYZE ledger, audit_log`,
    );
    const middle = Date.now() - 50_000_000;
    const questions = [
      [NO_FILTER, null],
      [NO_FILTER, [middle, '1', randomUUID()]],
      [{ ...NO_FILTER, from: middle - 1000, to: middle }, null],
      [{ ...NO_FILTER, actions: ['api_key.create'] }, null],
      [{ ...NO_FILTER, actions: ['api_key.revoke'] }, null],
      [{ ...NO_FILTER, actor: 'user:1' }, null],
      [{ ...NO_FILTER, actor: 'nobody' }, null],
    ] as const;
    for (const [filter, after] of questions) {
      const blocks = await blocksRead(organization, () => log.list(organization, filter, 101, after));
      // A full scan would read 3,000 blocks.
      expect([filter, blocks < 100 || blocks]).toEqual([filter, true]);
    }
  });

  /** Blocks that PostgreSQL reads for the statement of `ask`, run as the API runs it. */
  async function blocksRead(organizationId: string, ask: () => Promise<unknown>): Promise<number> {
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    await ask();
    const [text, values] = spy.mock.calls.find(([text]) => String(text).includes('audit_log')) as unknown as [
      string,
      unknown[],
    ];
    spy.mockRestore();
    const { rows } = await inTenant(api, organizationId, (client) =>
      client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        values,
      ),
    );
    const [{ Plan: plan }] = rows[0]!['QUERY PLAN'];
    return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
  }
});
