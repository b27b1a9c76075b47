import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

/** Exports that workers write, and their files in parts. */
export class CreateExports1796100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE exports (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        requested_at timestamptz NOT NULL DEFAULT now(),
        -- Format, filter, columns and options.
        request jsonb NOT NULL,
        status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed')),
        -- Parts of the file, and their events and bytes.
        parts integer NOT NULL DEFAULT 0,
        events bigint NOT NULL DEFAULT 0,
        bytes bigint NOT NULL DEFAULT 0,
        -- Where the last part ended, and what a worker needs to go on from there.
        position jsonb,
        state jsonb,
        -- Erasures of the organization that were finished when it was requested. Another one since makes the file
        -- unavailable, because it may have events of the person.
        erasures integer NOT NULL,
        finished_at timestamptz,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, id)
      );
      ${wall('exports', 'organization_id', { api: 'SELECT, INSERT, DELETE', worker: 'SELECT, UPDATE, DELETE' })}

      CREATE TABLE export_parts (
        organization_id uuid NOT NULL,
        export_id uuid NOT NULL,
        part integer NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (organization_id, export_id, part),
        FOREIGN KEY (organization_id, export_id) REFERENCES exports ON DELETE CASCADE
      );
      ${wall('export_parts', 'organization_id', { api: 'SELECT', worker: 'SELECT, INSERT' })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE export_parts, exports');
  }
}
