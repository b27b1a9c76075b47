import { isIPv6 } from 'node:net';

/** Where to reach a server that listens on every address. */
const loopback = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * The URL of a server that listens on this host; IPv6 addresses stand in brackets.
 * @param {string} host
 * @param {number} port
 */
export function httpUrl(host, port) {
  const reachable = loopback[host] ?? host;
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}
