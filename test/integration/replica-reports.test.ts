import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { createPool, type Role } from '#database';
import { type Replica, ReplicaReports, recentReplicas } from '#replicas';
import { eventually } from '../support/eventually.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestDatabase } from '../support/test-database.js';

describe('reports of replicas', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let proxy: TcpProxy;

  beforeAll(async () => {
    database = await TestDatabase.create();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    proxy = await TcpProxy.to(database.url);
  });

  afterEach(async () => {
    proxy.mend();
    await owner.query('DELETE FROM replicas');
  });

  afterAll(async () => {
    proxy?.close();
    await owner?.end();
    await database?.drop();
  });

  /** A process with this role, and how to end it as Nest does: the pool last. */
  function start(role: Role, measure: () => Replica['figures']) {
    const pool = createPool({ databaseUrl: proxy.url, role, size: 2 });
    const reports = new ReplicaReports(pool, role, measure);
    reports.onApplicationBootstrap();
    return {
      pool,
      end: async () => {
        reports.beforeApplicationShutdown();
        await reports.onApplicationShutdown();
        await pool.end();
      },
    };
  }

  const replicas = () => recentReplicas(owner);
  const reported = (count: number) =>
    eventually('all have reported', async () => {
      const found = await replicas();
      return found.length === count && found;
    });

  it('appear with the process, and vanish with it', async () => {
    const [api, worker] = [
      start('api', () => ({ connections: 3 })),
      start('worker', () => ({ events: 2, event_ms: 7 })),
    ];
    expect(await reported(2)).toEqual(
      expect.arrayContaining([
        { kind: 'api', figures: { connections: 3 } },
        { kind: 'worker', figures: { events: 2, event_ms: 7 } },
      ]),
    );
    await worker.end();
    expect(await replicas()).toEqual([{ kind: 'api', figures: { connections: 3 } }]);
    await api.end();
    expect(await replicas()).toEqual([]);
  });

  it('of processes that ended without a word are ignored after 15 s, and deleted after a minute', async () => {
    const ages = [14, 16, 59, 61];
    for (const seconds of ages) {
      await owner.query(
        `INSERT INTO replicas VALUES ($1, 'api', now() - make_interval(secs => $2), '{"connections": 1}')`,
        [randomUUID(), seconds],
      );
    }
    expect(await replicas()).toHaveLength(1);
    const worker = start('worker', () => ({}));
    await eventually('the oldest is deleted', async () => {
      const { rowCount } = await owner.query('SELECT FROM replicas');
      return rowCount === ages.length;
    });
    await worker.end();
  });

  it('are given by each role no further than it needs', async () => {
    const worker = start('worker', () => ({}));
    await reported(1);
    await expect(worker.pool.query('SELECT figures FROM replicas')).rejects.toThrow('permission denied');
    await expect(worker.pool.query(`UPDATE replicas SET kind = 'api'`)).rejects.toThrow('permission denied');
    await worker.end();
  });

  it('go on after an outage', async () => {
    let connections = 1;
    const api = start('api', () => ({ connections }));
    await reported(1);
    proxy.cut();
    await once(api.pool, 'error');
    connections = 2;
    proxy.mend();
    await eventually('it reports again', async () => (await replicas())[0]?.figures.connections === 2);
    await api.end();
  });

  it('do not hold up the shutdown when the database hangs', async () => {
    const api = start('api', () => ({}));
    await reported(1);
    proxy.stall();
    const begun = performance.now();
    await api.end();
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});
