import type { DatabaseFigures } from '../reads/database.read-model.js';
import { judgeDatabase } from './database.check.js';

const WELL: DatabaseFigures = {
  ...{ latency_ms: 1, connections: 20, max_connections: 100, size_bytes: 1e9 },
  ...{ oldest_transaction_seconds: null, xid_age: 1000, replicas: 0, replication_lag_bytes: null },
};

const statusOf = (figures: Partial<DatabaseFigures>) => judgeDatabase({ ...WELL, ...figures }).status;

describe('judgeDatabase', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(judgeDatabase(WELL)).toEqual({
      ...{ status: 'ok', figures: WELL },
      summary: 'PostgreSQL answers quickly and has room for connections.',
    });
  });

  it.each([
    ['latency_ms', 249.9, 'ok'],
    ['latency_ms', 250, 'warn'],
    ['latency_ms', 600, 'fail'],
    ['connections', 79, 'ok'],
    ['connections', 80, 'warn'],
    ['connections', 95, 'fail'],
    ['oldest_transaction_seconds', 599, 'ok'],
    ['oldest_transaction_seconds', 600, 'warn'],
    ['oldest_transaction_seconds', 3600, 'fail'],
    ['xid_age', 499_999_999, 'ok'],
    ['xid_age', 500_000_000, 'warn'],
    ['xid_age', 1_500_000_000, 'fail'],
    ['replication_lag_bytes', 64 * 1024 ** 2 - 1, 'ok'],
    ['replication_lag_bytes', 64 * 1024 ** 2, 'warn'],
    ['replication_lag_bytes', 1024 ** 3, 'fail'],
  ] as const)('with %s %d is %s', (name, value, status) => {
    expect(statusOf({ [name]: value })).toBe(status);
  });

  it('says everything that is wrong', () => {
    const { summary } = judgeDatabase({ ...WELL, connections: 96, oldest_transaction_seconds: 700 });
    expect(summary).toMatch(/^96 of 100 connections are used: .* A transaction has been open for 11 min/);
  });
});
