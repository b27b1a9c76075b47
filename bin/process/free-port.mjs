import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * True when a server can listen on the port, by trying it.
 * @param {number} port
 * @param {string} [host]
 */
export async function isFree(port, host = '127.0.0.1') {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false;
    throw error;
  } finally {
    server.close();
  }
}

/** @returns {Promise<number>} a free port of 127.0.0.1 */
export async function anyFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Claims the first free TCP port from `first` upward. The claim is a bound UDP port of the same number, held until this
 * process ends: two starts at the same moment would otherwise both find the TCP port free.
 * @param {number} first
 * @param {string} host
 * @returns {Promise<{ port: number, release: () => void }>}
 */
export async function claimPort(first, host) {
  for (let port = first; port <= 65_535; port++) {
    const claim = createSocket('udp4');
    try {
      claim.bind({ port, address: '127.0.0.1', exclusive: true });
      await once(claim, 'listening');
    } catch {
      claim.close();
      continue;
    }
    if (await isFree(port, host)) {
      claim.unref();
      return { port, release: () => claim.close() };
    }
    claim.close();
  }
  throw new Error(`No free port from ${first} upward.`);
}
