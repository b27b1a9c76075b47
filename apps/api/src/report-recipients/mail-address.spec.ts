import fc from 'fast-check';
import { mailAddress } from './mail-address.js';

describe('a mail address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['Ada.Lovelace+reports@Example.COM', 'Ada.Lovelace+reports@example.com'],
    ['ada@Müller.de', 'ada@xn--mller-kva.de'],
    ['ada@XN--mller-kva.de', 'ada@xn--mller-kva.de'],
    ["o'hara@example.co.uk", "o'hara@example.co.uk"],
  ])('%s is stored as %s', (given, stored) => {
    expect(mailAddress(given)).toBe(stored);
  });

  it.each([
    '',
    'ada',
    'ada@localhost',
    ' ada@example.com',
    'ada@example.com ',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada\r\n@example.com',
    'ada@exam\nple.com',
    '"ada\r\nBcc: eve@example.com"@example.com',
    '"ada lovelace"@example.com',
    'Ada <ada@example.com>',
    'ada@example.com,eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com>\r\nRCPT TO:<eve@example.com',
    'ada\0@example.com',
    'ada@example.com\0',
    'ädä@example.com',
    'ada@[127.0.0.1]',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(64)}.com`,
    `ada@${'abc.'.repeat(70)}com`,
  ])('%j is none', (text) => {
    expect(mailAddress(text)).toBeNull();
  });

  it('has no character with which it could be more than one address', () => {
    const parts = fc.constantFrom(
      'ada',
      '@',
      'example.com',
      '\r\n',
      '"',
      ',',
      ' ',
      '<',
      '>',
      '\t',
      'Bcc:',
      '\\',
      '.',
      '\u00a0',
    );
    const texts = fc.oneof(
      fc.array(parts, { maxLength: 8 }).map((list) => list.join('')),
      fc.emailAddress(),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const address = mailAddress(text);
        if (address === null) return;
        expect(address).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
        expect(address).not.toMatch(/[\s"<>,;:\\()[\]]/);
        expect(mailAddress(address)).toBe(address);
      }),
      { numRuns: 5_000 },
    );
  });
});
