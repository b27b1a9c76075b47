import { loadEnvironment } from '#config';
import { createPool } from '#database';
import { IdentityStore } from '#identity';

/** The demo organization of `npm start`, with a key for its applications and one for its administrator. */
export async function createDemo(environment = loadEnvironment()) {
  const pool = createPool({ databaseUrl: environment.DATABASE_URL, role: 'api', size: 2 });
  try {
    const identities = new IdentityStore(pool);
    const organizationId = await identities.createOrganization('Demo');
    return {
      organization_id: organizationId,
      api_key: await identities.createApiKey(organizationId, 'demo', ['ingest', 'read']),
      admin_key: await identities.createApiKey(organizationId, 'demo admin', ['admin']),
    };
  } finally {
    await pool.end();
  }
}
