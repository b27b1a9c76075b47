import { BuiltProcess } from '../support/built-process.js';
import { HttpClient } from '../support/http-client.js';
import { type RunningApi, startApi } from '../support/running-api.js';

let running: RunningApi;

beforeAll(async () => {
  running = await startApi({ workers: 0 });
});
afterAll(() => running?.stop());

/** Runs a command as `npm run millrace -- …` does. */
const run = (...args: string[]) =>
  BuiltProcess.runAnyway('apps/cli/src/main.js', { DATABASE_URL: running.databaseUrl }, args);

async function lines(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, output } = await run(...args);
  expect([code, output]).toEqual([0, expect.any(String)]);
  return output.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
}

const status = async (key: unknown, path: string) =>
  (await new HttpClient(running.url, key as string).send({ path })).status;

describe('the command line', () => {
  it('creates organizations and keys that the API accepts, and lists and revokes them', async () => {
    const [organization] = await lines('org', 'create', 'From a shell');
    const { id, api_key: adminKey } = organization as { id: string; api_key: string };
    expect(await status(adminKey, '/v1/api-keys')).toBe(200);
    const listed = await lines('org', 'list');
    expect(listed.map(({ name }) => name)).toEqual(['Test', 'From a shell']);
    expect(JSON.stringify(listed)).not.toContain('mr_');

    const expires = new Date(Date.now() + 60_000).toISOString();
    const [key] = await lines('key', 'create', id, 'reader', '--scopes', 'read,ingest', '--expires', expires);
    expect(key).toMatchObject({ name: 'reader', scopes: ['ingest', 'read'], expires_at: expires });
    expect(await status(key!.api_key, '/v1/events')).toBe(200);
    const keys = await lines('key', 'list', id);
    expect(keys.map(({ name }) => name)).toEqual(['reader', 'first']);
    expect(JSON.stringify(keys)).not.toMatch(/mr_|hash/);

    const publicId = key!.public_id as string;
    expect(await lines('key', 'revoke', id, publicId)).toEqual([]);
    expect((await lines('key', 'list', id))[0]!.revoked_at).toEqual(expect.any(String));

    const { rows } = await running.database.query(
      'SELECT actor, action FROM audit_log WHERE organization_id = $1 ORDER BY id',
      [id],
    );
    const acts = ['organization.create', 'api_key.create', 'api_key.create', 'api_key.revoke'];
    expect(rows).toEqual(acts.map((action) => ({ actor: 'cli', action })));
  });

  const absent = '00000000-0000-4000-8000-000000000000';

  it.each([
    [['verify', '--help'], /--help/],
    [['migrate', 'now'], /too many: now/],
    [['org'], /Usage:.*org create <name>.*org list/s],
    [['org', 'destroy'], /unknown subcommand destroy/],
    [['org', 'create'], /<name> is missing\nUsage:\n {2}npm run millrace -- org create <name>/],
    [['org', 'create', ''], /<name> is empty/],
    [['org', 'create', 'a', 'b'], /too many: b/],
    [['org', 'create', 'x'.repeat(257)], /<name> is over 256 characters/],
    [['org', 'create', 'a\u202eb'], /<name> contains invisible characters/],
    [['key', 'create', 'x', 'name', '--scopes', 'read'], /must be a UUID, not x/],
    [['key', 'create', absent, 'name'], /--scopes must be some of ingest,read,admin/],
    [['key', 'create', absent, 'name', '--scopes', 'read,operate'], /--scopes must be/],
    [['key', 'create', absent, 'name', '--scopes', 'read', '--expires', '2027-02-30T00:00:00Z'], /--expires/],
    [['key', 'create', absent, 'name', '--scopes', 'read', '--expires', '2020-01-01T00:00:00Z'], /future/],
    [['key', 'list', absent, '--all'], /--all/],
    [['jobs'], /a subcommand is missing\nUsage:\n {2}npm run millrace -- jobs list/],
    [['jobs', 'run', 'closed-days', '--slot', 'now'], /--slot must be an RFC 3339 instant/],
    [['constructor'], /Commands: migrate/],
  ])('prints what is wrong and the usage: %j', async (args, message) => {
    const { code, output } = await run(...args);
    expect([code, output]).toEqual([2, expect.stringMatching(message)]);
    expect(output).not.toMatch(/\n\s+at /);
  });

  it.each([
    [['key', 'create', absent, 'name', '--scopes', 'read']],
    [['key', 'list', absent]],
    [['key', 'revoke', absent, '0000000000000000']],
    [['jobs', 'pause', 'nothing']],
  ])('fails for an unknown organization, key or job: %j', async (args) => {
    expect(await run(...args)).toEqual({
      code: 1,
      output: 'No such organization, key, SQL access or job.\n',
    });
  });
});
