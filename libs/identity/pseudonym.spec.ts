import { permissionsOfRole } from './permissions.js';
import type { Principal } from './principal.js';
import { everyUserId, pseudonym, pseudonymize, userMark } from './pseudonym.js';

const key = Buffer.from('a key of 32 bytes, more or less.');
const principal = (pseudonymKey?: Buffer): Principal => ({
  ...{
    organizationId: 'x',
    subject: 'key:x',
    permissions: permissionsOfRole('viewer'),
    settings: {},
    eventTypesRevision: 0,
  },
  ...(pseudonymKey ? { pseudonymKey } : {}),
});

describe('pseudonym', () => {
  it('is the HMAC of RFC 2104', () => {
    // printf ada | openssl dgst -sha256 -hmac 'a key of 32 bytes, more or less.'
    expect(pseudonym(key, 'ada')).toBe('anon_92b9eb37843c0d59f9eb03a557ec5a46');
  });

  it('differs between users and between organizations', () => {
    const other = Buffer.from('another key of 32 bytes or more.');
    const names = [pseudonym(key, 'ada'), pseudonym(key, 'bob'), pseudonym(other, 'ada')];
    expect(new Set(names).size).toBe(3);
    expect(names.some((name) => name.includes('ada'))).toBe(false);
  });
});

describe('pseudonymize', () => {
  it('keeps names where nothing is anonymized', () => {
    expect(pseudonymize(principal(), 'ada')).toBe('ada');
  });

  it('returns the same id for a name and its pseudonym', () => {
    expect(pseudonymize(principal(key), 'ada')).toBe(pseudonym(key, 'ada'));
    expect(pseudonymize(principal(key), pseudonym(key, 'ada'))).toBe(pseudonym(key, 'ada'));
  });
});

describe('everyUserId', () => {
  it('is the name and its pseudonym, and a UUID in either case', () => {
    const id = '7D444840-9DC0-41D1-B245-5FFDCE74FAD2';
    const lower = id.toLowerCase();
    const both = [id, lower].flatMap((name) => [name, pseudonym(key, name)]).sort();
    expect(everyUserId(key, 'Ada')).toEqual(['Ada', pseudonym(key, 'Ada')]);
    expect(everyUserId(key, id).sort()).toEqual(both);
    expect(everyUserId(key, lower).sort()).toEqual(both);
    const sent = pseudonym(key, 'Ada');
    expect(everyUserId(key, sent)).toEqual([sent, pseudonym(key, sent)]);
  });
});

describe('userMark', () => {
  it('is the same for every id of a user, and equal to none of them', () => {
    expect(userMark(key, pseudonym(key, 'ada'))).toBe(userMark(key, 'ada'));
    expect(everyUserId(key, 'ada')).not.toContain(userMark(key, 'ada'));
    expect(userMark(key, 'ada')).not.toBe(userMark(key, 'bob'));
  });
});
