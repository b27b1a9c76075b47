import type { Principal } from '#identity';
import { KeyUsage, type KeyUses } from './key-usage.js';

const principal = (organizationId: string, subject: string): Principal => ({
  organizationId,
  subject,
  permissions: new Set(),
  settings: {},
  eventTypesRevision: 0,
});

describe('key usage', () => {
  let writes: [string, Record<string, number>][];
  let isDown: boolean;
  let warnings: string[];
  let usage: KeyUsage;

  beforeEach(() => {
    [writes, warnings, isDown] = [[], [], false];
    const write = async (organizationId: string, uses: KeyUses) => {
      if (isDown) throw new Error('down');
      writes.push([organizationId, Object.fromEntries(uses)]);
    };
    const warn = (message: string) => warnings.push(message);
    usage = new KeyUsage(write, { log: () => {}, warn });
  });

  it('is written once per organization, with the last use of each key', async () => {
    const [again, one] = [principal('a', 'key:1'), principal('a', 'key:1')];
    usage.used(one, 10);
    usage.used(one, 30);
    usage.used(again, 20);
    usage.used(principal('a', 'key:2'), 5);
    usage.used(principal('b', 'key:3'), 7);
    await usage.flush();
    expect(writes).toEqual([
      ['a', { 1: 30, 2: 5 }],
      ['b', { 3: 7 }],
    ]);
    await usage.flush();
    expect(writes).toHaveLength(2);
  });

  it('ignores users and the operator', async () => {
    usage.used(principal('a', 'user:key:1'), 1);
    usage.used(principal('a', 'operator'), 1);
    await usage.flush();
    expect(writes).toEqual([]);
  });

  it('is retried with the next write after a failure', async () => {
    isDown = true;
    usage.used(principal('a', 'key:1'), 10);
    usage.used(principal('b', 'key:2'), 10);
    await usage.flush();
    expect([writes, warnings]).toEqual([[], ['down']]);
    isDown = false;
    usage.used(principal('a', 'key:1'), 20);
    await usage.stop();
    expect(writes).toEqual([
      ['a', { 1: 20 }],
      ['b', { 2: 10 }],
    ]);
  });

  it('is lost and logged if the database is down at shutdown', async () => {
    isDown = true;
    usage.used(principal('a', 'key:1'), 10);
    await usage.stop();
    expect([writes, warnings]).toEqual([[], ['down']]);
  });
});
