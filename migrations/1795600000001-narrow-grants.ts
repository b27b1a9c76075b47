import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES } from '#database';

const AUDITORS = `${ROLES.api}, ${ROLES.worker}`;

/**
 * Grants both roles only the columns that they write: audit entries get their time from the server, and keys and
 * secrets cannot be changed. The search_path keeps a temporary table from shadowing the table of keys.
 */
export class NarrowGrants1795600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE INSERT ON audit_log FROM ${AUDITORS};
      GRANT INSERT (organization_id, actor, action, origin, details) ON audit_log TO ${AUDITORS};
      REVOKE UPDATE ON api_keys, organizations FROM ${ROLES.api};
      GRANT UPDATE (revoked_at, last_used_at) ON api_keys TO ${ROLES.api};
      GRANT UPDATE (name, settings, event_types_revision) ON organizations TO ${ROLES.api};
      ALTER FUNCTION present_key(text) SET search_path = public, pg_temp;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      GRANT INSERT ON audit_log TO ${AUDITORS};
      GRANT UPDATE ON api_keys, organizations TO ${ROLES.api};
      ALTER FUNCTION present_key(text) RESET search_path;
    `);
  }
}
