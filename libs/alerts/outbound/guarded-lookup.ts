import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { AddressGuard } from './address-guard.js';

/** Resolves a name to all of its addresses, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The address is not public, and no setting allows it. */
export class RefusedAddress extends Error {
  constructor(address: string, hostname?: string) {
    const of = hostname === undefined ? '' : `, of ${hostname},`;
    super(`the address ${address}${of} is not public, and WEBHOOK_ALLOWED_ADDRESSES does not list it`);
  }
}

/**
 * The look-up of one connection. It checks the addresses that the connection then uses, so a name cannot lead elsewhere
 * between the check and the connection. One refused address refuses the name.
 */
export const guardedLookup =
  (guard: AddressGuard, lookup: Lookup): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({ address }) => !guard.allows(address));
      if (refused) return callback(new RefusedAddress(refused.address, hostname), []);
      const [first] = addresses;
      if (!first) return callback(new Error(`${hostname} has no address`), []);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
