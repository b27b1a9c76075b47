/** Characters that a target may have. */
const MAX_LENGTH = 2000;

/** What is wrong with the URL of a webhook; null: nothing. Whether its address may be reached is checked at each request. */
export function faultInUrl(target: string): string | null {
  if (target.length > MAX_LENGTH || !URL.canParse(target)) return 'must be a URL of at most 2000 characters';
  const { protocol, username, password } = new URL(target);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  return username || password ? 'must not have a user name or password' : null;
}

/** The server of a URL. Its path and query often are a secret. */
export const shownServer = (target: string) => `${new URL(target).origin}/…`;
