import { Random } from '../../../test/support/random.js';
import { AddressGuard } from './address-guard.js';

const guard = new AddressGuard();
const hostOf = (host: string) => new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, '');

/** Addresses that are not public, as `[first, last]` of each range; written down here apart from the code. */
const PRIVATE_RANGES: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
];
const OTHER_RESERVED = [
  ['192.0.2.0', '192.0.2.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['168.63.129.16', '168.63.129.16'],
] as const;

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const bytesOf = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256);
const dotted = (value: number) => bytesOf(value).join('.');
const hex16 = (value: number) =>
  [value / 65_536, value].map((part) => (Math.floor(part) % 65_536).toString(16));

/** Ways to write an address of IPv4 in a URL. */
const SPELLINGS: readonly ((value: number) => string)[] = [
  dotted,
  (value) => String(value),
  (value) => `0x${value.toString(16).toUpperCase()}`,
  (value) => `0${value.toString(8)}`,
  (value) =>
    bytesOf(value)
      .map((byte) => `0x${byte.toString(16)}`)
      .join('.'),
  (value) =>
    bytesOf(value)
      .map((byte) => `0${byte.toString(8)}`)
      .join('.'),
  (value) => `${bytesOf(value)[0]}.${value % 2 ** 24}`,
  (value) => `${bytesOf(value).slice(0, 2).join('.')}.0x${(value % 65_536).toString(16)}`,
  (value) => `${dotted(value)}.`,
  (value) => dotted(value).replace('.', '%2e'),
  (value) => dotted(value).replaceAll('.', '。'),
];
/** Ways to write one in IPv6, all of which are refused, public or not. */
const IN_IPV6: readonly ((value: number) => string)[] = [
  (value) => `[::ffff:${dotted(value)}]`,
  (value) => `[::FFFF:${hex16(value).join(':')}]`,
  (value) => `[0:0:0:0:0:ffff:${hex16(value).join(':')}]`,
  (value) => `[::${dotted(value)}]`,
  (value) => `[64:ff9b::${dotted(value)}]`,
  (value) => `[64:ff9b:1::${dotted(value)}]`,
  (value) => `[2002:${hex16(value).join(':')}::1]`,
];

describe('the guard of addresses', () => {
  const random = Random.announced('addresses');
  const within = ([first, last]: readonly [string, string]) =>
    numberOf(first) + random.integer(0, numberOf(last) - numberOf(first));
  const isReserved = (value: number) =>
    [...PRIVATE_RANGES, ...OTHER_RESERVED].some(
      ([first, last]) => value >= numberOf(first) && value <= numberOf(last),
    );

  it('refuses random private addresses in random spellings', () => {
    for (let i = 0; i < 3000; i++) {
      const value = within(random.pick([...PRIVATE_RANGES, ...OTHER_RESERVED]));
      const host = random.pick([...SPELLINGS, ...IN_IPV6])(value);
      expect([host, dotted(value), guard.allows(hostOf(host))]).toEqual([host, dotted(value), false]);
    }
  });

  it('allows random public addresses in all spellings of IPv4, and none of them wrapped in IPv6', () => {
    for (let i = 0; i < 3000; i++) {
      const value = random.integer(0, 2 ** 32 - 1);
      if (isReserved(value)) continue;
      const host = random.pick(SPELLINGS)(value);
      expect([host, guard.allows(hostOf(host))]).toEqual([host, true]);
      expect(guard.allows(hostOf(random.pick(IN_IPV6)(value)))).toBe(false);
    }
  });

  it.each([
    ...['[::]', '[::1]', '[fe80::1]', '[febf::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]'],
    ...['[2001::1]', '[2001:db8::1]', '[2002::1]', '[3fff::1]', '[5f00::1]', '[100::1]', '[4000::1]'],
    ...['2130706433', '0x7f.1', '0177.1', '127.1', '0', '169.254.169.254', '[::ffff:10.0.0.1]'],
  ])('refuses %s', (host) => {
    expect(guard.allows(hostOf(host))).toBe(false);
  });

  it('allows public addresses of IPv6', () => {
    for (const host of ['[2606:4700::1111]', '[2a00:1450:4001::8]', '[2001:4860:4860::8888]'])
      expect([host, guard.allows(hostOf(host))]).toEqual([host, true]);
  });

  it('refuses what is no address', () => {
    for (const text of ['', 'localhost', 'fe80::1%eth0', '10.0.0.1/8', '1.2.3'])
      expect([text, guard.allows(text)]).toEqual([text, false]);
  });

  it('allows what it is told to, and nothing beside it', () => {
    const open = new AddressGuard(['10.1.0.0/16', '127.0.0.1', 'fd00::/8']);
    for (const address of ['10.1.255.255', '127.0.0.1', '::ffff:127.0.0.1', 'fd12::1'])
      expect([address, open.allows(address)]).toEqual([address, true]);
    for (const address of ['10.2.0.0', '127.0.0.2', 'fc00::1', '::1'])
      expect([address, open.allows(address)]).toEqual([address, false]);
  });
});
