import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

interface Server {
  readonly port: number;
  url(database: string): string;
  stop(): Promise<void>;
}
interface ServerModule {
  startPostgres(options: {
    directory: string;
    password: string;
    durable?: boolean;
    announce: () => void;
  }): Promise<Server>;
}

const modulePath = '../../bin/postgres/server.mjs';

describe('the embedded PostgreSQL', () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-port-'));
  chmodSync(directory, 0o755);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const start = async (options: { durable?: boolean }) => {
    const { startPostgres } = (await import(modulePath)) as ServerModule;
    return startPostgres({ directory, password: 'x', announce: () => {}, ...options });
  };

  it.each([
    [{}, 'on'],
    [{ durable: false }, 'off'],
  ])('waits for the disk, unless it is thrown away: %j', async (options, fsync) => {
    const server = await start(options);
    const client = new Client({ connectionString: server.url('postgres') });
    await client.connect();
    const setting = async (name: string) => (await client.query(`SHOW ${name}`)).rows[0][name];
    const found = { fsync: await setting('fsync'), commit: await setting('synchronous_commit') };
    await client.end();
    await server.stop();
    expect(found).toEqual({ fsync, commit: 'on' });
  });

  it('keeps its port, unless another program has taken it', async () => {
    const portOfNext = async () => {
      const server = await start({ durable: false });
      await server.stop();
      return server.port;
    };
    const first = await portOfNext();
    expect(await portOfNext()).toBe(first);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(first, '127.0.0.1', resolve));
    try {
      expect(await portOfNext()).not.toBe(first);
    } finally {
      other.close();
    }
  });
});
