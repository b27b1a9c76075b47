import pg from 'pg';
import { BuiltProcess } from '../support/built-process.js';
import { eventually } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;

beforeAll(async () => {
  running = await startApi();
});
afterAll(() => running?.stop());

/** Runs a command as `npm run millrace -- …` does. */
const run = (...args: string[]) =>
  BuiltProcess.runAnyway('apps/cli/src/main.js', { DATABASE_URL: running.databaseUrl }, args);

const absent = '00000000-0000-4000-8000-000000000000';

describe('SQL access', () => {
  it('lets an organization read with SQL what it has sent, until it is revoked', async () => {
    const { organizationId, ingestKey } = running.caller;
    const created = await run('sql-access', 'create', organizationId);
    expect([created.code, created.output]).toEqual([0, expect.stringMatching(/^\{.*\}\n$/)]);
    const access = JSON.parse(created.output);
    expect(access).toEqual({
      organization_id: organizationId,
      role: `millrace_org_${organizationId.replaceAll('-', '')}`,
      connection_string: expect.stringMatching(/^postgresql:\/\/millrace_org_/),
      other_databases: expect.any(Array),
    });
    const reader = new pg.Client({ connectionString: access.connection_string });
    reader.on('error', () => {});
    await reader.connect();
    try {
      const voice = { user_id: 7, session_id: 12, talked_time: 95, device_type: 'mobile' };
      const response = await new HttpClient(running.url, ingestKey).post(
        [voice, { ...voice, talked_time: 5 }],
        { path: '/api/user-metrics' },
      );
      expect(response.status).toBe(202);
      await running.untilStored(organizationId, 2);
      const { rows } = await reader.query(
        'SELECT user_id, talked_time, device_type FROM user_metrics ORDER BY talked_time',
      );
      expect(rows).toEqual([
        { user_id: '7', talked_time: '5', device_type: 'mobile' },
        { user_id: '7', talked_time: '95', device_type: 'mobile' },
      ]);
      const totals = await reader.query('SELECT * FROM aggregate_user_metrics(7)');
      expect(totals.rows).toEqual([{ user_id: '7', total_talked_time: 100, session_count: '1' }]);
      const session = await reader.query('SELECT user_id, talked_time FROM get_session_details(12)');
      expect(session.rows).toEqual([{ user_id: '7', talked_time: 100 }]);
      expect(await run('sql-access', 'list')).toEqual({
        code: 0,
        output: `${JSON.stringify({ organization_id: organizationId, name: 'Test', role: access.role })}\n`,
      });
      const again = await run('sql-access', 'create', organizationId);
      expect(again).toEqual({
        code: 2,
        output: 'The organization has SQL access already. Revoke it first.\n',
      });
    } finally {
      expect(await run('sql-access', 'revoke', organizationId)).toEqual({ code: 0, output: '' });
    }
    await eventually('the connection is closed', () =>
      reader.query('SELECT 1').then(
        () => false,
        () => true,
      ),
    );
    expect(await run('sql-access', 'list')).toEqual({ code: 0, output: '' });
  });

  it.each([
    [['sql-access', 'create', absent], 1, 'No such organization, key, SQL access or job.\n'],
    [['sql-access', 'revoke', absent], 1, 'No such organization, key, SQL access or job.\n'],
    [
      ['sql-access', 'create', 'x'],
      2,
      expect.stringMatching(/must be a UUID, not x\nUsage:.*sql-access create/s),
    ],
    [['sql-access'], 2, expect.stringMatching(/Usage:.*create.*list.*revoke/s)],
  ])('says what is wrong: %j', async (args, code, output) => {
    expect(await run(...args)).toEqual({ code, output });
  });
});
