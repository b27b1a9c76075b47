import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROLES, wall } from '#database';

/** Roles, organizations, keys, users, event types, audit log and rate limits. */
export class CreateOrganizations1763769600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Roles belong to the cluster: a migration of another database may have created them, or be creating them now.
    for (const role of Object.values(ROLES)) {
      await runner.query(`
        DO $$ BEGIN
          CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        DO $$ BEGIN
          IF NOT pg_has_role(current_user, '${role}', 'MEMBER') THEN
            EXECUTE format('GRANT ${role} TO %I', current_user);
          END IF;
        END $$;
        GRANT USAGE ON SCHEMA public TO ${role};
      `);
    }
    await runner.query(`
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;

      CREATE TABLE organizations (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        settings jsonb NOT NULL DEFAULT '{}',
        -- 244 random bits. With it, pseudonyms can be matched to user ids.
        pseudonym_key bytea NOT NULL
          DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
        -- Raised by every change of the organization's own event types; 0: it has none.
        event_types_revision integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      ${wall('organizations', 'id', { api: 'SELECT, INSERT, UPDATE', worker: 'SELECT' })}

      CREATE TABLE api_keys (
        organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
        public_id text COLLATE "C" NOT NULL,
        secret_hash bytea NOT NULL,
        name text NOT NULL,
        scopes text[] NOT NULL,
        -- In milliseconds, as clients see it: cursors contain it.
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz,
        PRIMARY KEY (organization_id, public_id),
        UNIQUE (public_id)
      );
      ${wall('api_keys', 'organization_id', { api: 'SELECT, INSERT, UPDATE', worker: 'SELECT' })}
      -- Before authentication there is no organization yet. The API may then read the one key whose public id the
      -- caller presents, to compare the secret.
      CREATE POLICY presented ON api_keys FOR SELECT TO ${ROLES.api}
        USING (public_id = (SELECT NULLIF(current_setting('app.presented_key', true), '')));
      -- Reads the key and its organization's settings in one round trip. Both settings are local to the transaction.
      CREATE FUNCTION present_key(presented text)
      RETURNS TABLE (organization_id uuid, secret_hash bytea, scopes text[], settings jsonb, pseudonym_key bytea,
                     event_types_revision integer)
      LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM set_config('app.presented_key', presented, true);
        SELECT k.organization_id, k.secret_hash, k.scopes INTO organization_id, secret_hash, scopes
          FROM api_keys k WHERE k.public_id = presented AND k.revoked_at IS NULL
            AND (k.expires_at IS NULL OR k.expires_at > now());
        IF NOT FOUND THEN RETURN; END IF;
        PERFORM set_config('app.current_org_id', organization_id::text, true);
        SELECT o.settings, o.pseudonym_key, o.event_types_revision
          INTO settings, pseudonym_key, event_types_revision
          FROM organizations o WHERE o.id = organization_id;
        RETURN NEXT;
      END $$;

      CREATE TABLE users (
        organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
        external_id text COLLATE "C" NOT NULL,
        name text,
        email text,
        team text,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, external_id)
      );
      -- Email addresses are unique regardless of case.
      CREATE UNIQUE INDEX users_email ON users (organization_id, lower(email));
      ${wall('users', 'organization_id', { api: 'SELECT, INSERT, UPDATE, DELETE', worker: 'SELECT' })}

      -- The highest revision of a name is current. Older ones stay: each event refers to the revision by which it was
      -- counted, and verify recounts it by the same.
      CREATE TABLE event_types (
        organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
        name text COLLATE "C" NOT NULL,
        revision integer NOT NULL,
        schema json NOT NULL,
        dimensions text[] NOT NULL,
        measures text[] NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, name, revision)
      );
      ${wall('event_types', 'organization_id', { api: 'SELECT, INSERT', worker: 'SELECT' })}

      CREATE TABLE audit_log (
        organization_id uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT now(),
        actor text NOT NULL,
        action text NOT NULL,
        origin text,
        details jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (organization_id, id)
      );
      ${wall('audit_log', 'organization_id', { api: 'SELECT, INSERT', worker: 'SELECT, INSERT' })}

      -- Request counts of the current windows when there is no Redis. rate-limiter-flexible prescribes the columns
      -- and their order; the key contains organization and kind. Unlogged: losing counts in a crash is cheaper than
      -- a write-ahead log entry per lot.
      CREATE UNLOGGED TABLE rate_limits (
        key text COLLATE "C" PRIMARY KEY,
        points integer NOT NULL,
        expire bigint
      );
      ${wall('rate_limits', null, { api: 'SELECT, INSERT, UPDATE, DELETE' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION present_key(text)');
    await runner.query('DROP TABLE rate_limits, audit_log, event_types, users, api_keys, organizations');
  }
}
