import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

/** Who gets reports by mail, and what became of each mail. */
export class MailReports1797200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE report_recipients (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        email text NOT NULL,
        kinds text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        -- As in the audit log.
        created_by text NOT NULL,
        unsubscribed_at timestamptz,
        PRIMARY KEY (organization_id, id)
      );
      CREATE UNIQUE INDEX report_recipients_email ON report_recipients (organization_id, lower(email));
      ${wall('report_recipients', 'organization_id', {
        api: 'SELECT, INSERT, UPDATE (kinds, unsubscribed_at), DELETE',
        worker: 'SELECT',
      })}

      CREATE TABLE report_mails (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        report_id uuid NOT NULL,
        email text NOT NULL,
        -- Somebody asked for it, to see whether mail arrives.
        is_test boolean NOT NULL DEFAULT false,
        state text NOT NULL DEFAULT 'waiting'
          CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'given_up', 'cancelled')),
        attempts integer NOT NULL DEFAULT 0,
        planned_at timestamptz NOT NULL,
        -- When a worker may send it; while one does, when another may. NULL: nothing more is tried.
        next_attempt_at timestamptz,
        -- When it was sent, or given up.
        settled_at timestamptz,
        error text,
        -- The same at each attempt.
        message_id text,
        PRIMARY KEY (organization_id, id),
        CHECK ((next_attempt_at IS NULL) = (settled_at IS NOT NULL))
      );
      -- Nobody gets a report twice.
      CREATE UNIQUE INDEX report_mails_once ON report_mails (organization_id, report_id, lower(email)) WHERE NOT is_test;
      CREATE INDEX report_mails_due ON report_mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
      CREATE INDEX report_mails_planned ON report_mails (organization_id, planned_at);
      ${wall('report_mails', 'organization_id', {
        api: 'SELECT, INSERT (organization_id, report_id, email, is_test, planned_at, next_attempt_at)',
        worker: 'SELECT, INSERT, UPDATE, DELETE',
      })}

      -- When the job of its kind wrote down its mails, if any; NULL: it has not yet. Reports of the past get none.
      ALTER TABLE reports ADD COLUMN mails_planned_at timestamptz DEFAULT now();
      ALTER TABLE reports ALTER COLUMN mails_planned_at DROP DEFAULT;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE reports DROP COLUMN mails_planned_at;
      DROP TABLE report_mails, report_recipients;
    `);
  }
}
