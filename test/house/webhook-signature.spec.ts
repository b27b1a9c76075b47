import { readFileSync } from 'node:fs';
import { signature } from '../../libs/alerts/outbound/signature.js';

type IsFromMillrace = (secret: string, header: string, body: string) => boolean;

/** The function that the README gives to those who receive webhooks. */
async function snippet(): Promise<IsFromMillrace> {
  const [, code] = /```js\n(import [\s\S]*?isFromMillrace[\s\S]*?)```/.exec(
    readFileSync('README.md', 'utf8'),
  )!;
  const module = await import(`data:text/javascript,${encodeURIComponent(code!)}`);
  return module.isFromMillrace;
}

it("the README's receiver accepts what Millrace signs, and nothing else", async () => {
  const isFromMillrace = await snippet();
  const [secret, body] = ['s3cret', '{"event":"firing","rule":"näh"}'];
  const now = Math.floor(Date.now() / 1000);
  const header = signature(secret, body, now);
  expect(isFromMillrace(secret, header, body)).toBe(true);
  for (const [other, sent, received] of [
    ['other', header, body],
    [secret, header, `${body} `],
    [secret, header.replace(/v1=./, (start) => (start === 'v1=0' ? 'v1=1' : 'v1=0')), body],
    [secret, header.replace(/^t=\d+/, `t=${now - 1}`), body],
    [secret, signature(secret, body, now - 301), body],
    [secret, '', body],
    [secret, 't=1,v1=', body],
  ] as const)
    expect([sent, isFromMillrace(other, sent, received)]).toEqual([sent, false]);
});
