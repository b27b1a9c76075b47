/**
 * The same server and database as in the URL, with another user.
 * @param databaseUrl as `DATABASE_URL`; with a socket's folder as `?host=` it may have no host
 */
export function connectionString(databaseUrl: string, user: string, password: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.delete('user');
  url.searchParams.delete('password');
  if (url.host === '') {
    // Such a URL has no place for a user, but clients take it as a parameter.
    url.searchParams.set('user', user);
    url.searchParams.set('password', password);
  } else {
    url.username = user;
    url.password = password;
  }
  return url.href;
}
