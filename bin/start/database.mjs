async function connected(url, task) {
  // Imported here because the first start installs it.
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}

/**
 * @param {string} url of any database of the server
 * @param {string} name
 */
export const createDatabase = (url, name) =>
  connected(url, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  });

/**
 * Lets the roles that the migrations created log in.
 * @param {string} url
 * @param {Record<string, string>} passwords by role
 */
export const allowLogin = (url, passwords) =>
  connected(url, async (client) => {
    for (const [role, password] of Object.entries(passwords)) {
      const [name, secret] = [client.escapeIdentifier(role), client.escapeLiteral(password)];
      await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${secret}`);
    }
  });

/**
 * Closes the server's other databases to everybody but the superuser: roles that may read an organization would get in.
 * @param {string} url
 */
export const closeOtherDatabases = (url) =>
  connected(url, (client) => client.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC'));

/**
 * Identifies a database; a dropped one of the same name has another identity.
 * @param {string} url
 * @returns {Promise<string>}
 */
export const databaseIdentity = (url) =>
  connected(url, async (client) => {
    const { rows } = await client.query(
      `SELECT system_identifier || '/' || oid AS identity
       FROM pg_control_system(), pg_database WHERE datname = current_database()`,
    );
    return rows[0].identity;
  });
