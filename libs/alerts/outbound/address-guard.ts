import { BlockList, isIP } from 'node:net';

/** Subnets of IPv4 that are not on the public internet, or that a machine's provider answers. */
const PRIVATE_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Where Azure answers machines about themselves.
  '168.63.129.16/32',
];
/** All public addresses of IPv6 are in here. IPv4 in IPv6 (mapped, translated) is not. */
const PUBLIC_6 = ['2000::/3'];
/** And these of them are not public, or lead to addresses of IPv4: Teredo and others, documentation, 6to4. */
const PRIVATE_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const private4 = listOf(PRIVATE_4);
const public6 = listOf(PUBLIC_6);
const private6 = listOf(PRIVATE_6);

/** Says to which addresses requests may go that somebody outside has named. */
export class AddressGuard {
  private readonly allowed: BlockList;

  /** @param allowed addresses and subnets, such as `10.1.0.0/16`, that are no danger although they are not public */
  constructor(allowed: readonly string[] = []) {
    this.allowed = listOf(allowed);
  }

  /** @param address in digits, without brackets. Anything else is not allowed. */
  allows(address: string): boolean {
    const version = isIP(address);
    // A zone is only needed on a local link.
    if (version === 0 || address.includes('%')) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (this.allowed.check(address, family)) return true;
    if (version === 4) return !private4.check(address);
    return public6.check(address, family) && !private6.check(address, family);
  }
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address, bits] = subnet.split('/') as [string, string?];
    const version = isIP(address);
    list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
