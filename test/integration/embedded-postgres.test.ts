import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}
interface ServerModule {
  startPostgres(options: {
    directory: string;
    password: string;
    durable: boolean;
    announce: () => void;
  }): Promise<Server>;
}

const modulePath = '../../bin/postgres/server.mjs';

describe('the embedded PostgreSQL', () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-port-'));
  chmodSync(directory, 0o755);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('keeps its port, unless another program has taken it', async () => {
    const { startPostgres } = (await import(modulePath)) as ServerModule;
    const portOfNext = async () => {
      const server = await startPostgres({ directory, password: 'x', durable: false, announce: () => {} });
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
