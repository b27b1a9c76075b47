import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { ApiKeyAdministration, OrganizationAdministration } from '#identity';
import { CLI } from './admin/cli-actor.js';

/** Creates the demo organization of `npm start`, with a key for applications and an admin key. */
export async function createDemo(environment = loadEnvironment()) {
  const pool = createPool({ databaseUrl: environment.DATABASE_URL, role: 'api', size: 2 });
  try {
    const { id, api_key: adminKey } = await new OrganizationAdministration(pool).create(CLI, 'Demo');
    const key = await new ApiKeyAdministration(pool).create(CLI, id, {
      name: 'demo',
      scopes: ['ingest', 'read'],
    });
    return { organization_id: id, api_key: key!.api_key, admin_key: adminKey };
  } finally {
    await pool.end();
  }
}
