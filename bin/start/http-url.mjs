import { isIPv6 } from 'node:net';

const loopback = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * The address to connect to: loopback if the server listens on all addresses.
 * @param {string} host
 */
export const reachable = (host) => loopback[host] ?? host;

/**
 * The URL of a server. IPv6 addresses are written in brackets, the `%` of a zone is escaped (RFC 6874).
 * @param {{ host: string, port: number }} address
 */
export function httpUrl({ host, port }) {
  return `http://${isIPv6(host) ? `[${host.replace('%', '%25')}]` : host}:${port}`;
}
