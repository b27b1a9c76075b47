import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isTokenOf, readUnsubscribeToken, unsubscribeToken } from './unsubscribe-token.js';

const organizations = fc.uuid();
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const emails = fc.emailAddress();

describe('a token that unsubscribes', () => {
  it('is that of one address of one organization, in any case', () => {
    fc.assert(
      fc.property(organizations, keys, emails, emails, (organizationId, key, email, other) => {
        const text = unsubscribeToken(organizationId, key, email.toUpperCase());
        expect(text).toMatch(/^[\w-]{64}$/);
        const token = readUnsubscribeToken(text)!;
        expect(token.organizationId).toBe(organizationId);
        expect(isTokenOf(token, key, email)).toBe(true);
        expect(isTokenOf(token, key, other)).toBe(email.toLowerCase() === other.toLowerCase());
        expect(isTokenOf(token, Buffer.alloc(32, 1), email)).toBe(key.equals(Buffer.alloc(32, 1)));
      }),
    );
  });

  it('has one spelling, and other texts are none', () => {
    const text = unsubscribeToken(
      '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      Buffer.alloc(32),
      'ada@example.com',
    );
    for (const other of [
      '',
      'x',
      `${text}A`,
      text.slice(1),
      `${text}=`,
      text.replace(/.$/, '!'),
      ` ${text}`,
    ]) {
      expect(readUnsubscribeToken(other)).toBeNull();
    }
    fc.assert(fc.property(fc.string(), (other) => void readUnsubscribeToken(other)));
  });

  it('is no mark of a user id that the same key makes', () => {
    const key = Buffer.alloc(32);
    const { secret } = readUnsubscribeToken(
      unsubscribeToken('7c9e6679-7425-40de-944b-e07fc1f90ae7', key, 'ada@example.com'),
    )!;
    expect(secret).not.toEqual(createHmac('sha256', key).update('ada@example.com').digest());
  });
});
