/**
 * The same server and database as in the URL, with another user.
 * @param databaseUrl as `DATABASE_URL`; with a socket's folder as `?host=` it may have no host
 */
export function connectionString(databaseUrl: string, user: string, password: string): string {
  const url = new URL(databaseUrl);
  if (url.host === '') {
    // There is no place for a user in such a URL, but libpq takes it as a parameter.
    url.searchParams.set('user', user);
    url.searchParams.set('password', password);
    return url.href;
  }
  url.username = user;
  url.password = password;
  return url.href;
}
