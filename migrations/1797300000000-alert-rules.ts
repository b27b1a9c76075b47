import type { MigrationInterface, QueryRunner } from 'typeorm';
import { wall } from '#database';

const WORKER = 'SELECT, INSERT, UPDATE, DELETE';

/** Rules of alerts, channels, alerts, and what is sent about them. Nothing has written the former table `alerts`. */
export class AlertRules1797300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE alerts;

      CREATE TABLE alert_rules (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text COLLATE "C" NOT NULL,
        condition jsonb NOT NULL,
        -- How long the condition must hold.
        for_seconds integer NOT NULL,
        -- NULL: people are told once.
        repeat_seconds integer,
        -- Names; NULL: all channels of the organization.
        channels text[],
        enabled boolean NOT NULL,
        -- Raised by every change, so that a value of the rule before is not stored.
        revision integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        -- The last evaluation, by workers.
        evaluated_at timestamptz,
        value double precision,
        error text,
        PRIMARY KEY (organization_id, id),
        UNIQUE (organization_id, name)
      );
      ${wall('alert_rules', 'organization_id', {
        api: 'SELECT, INSERT, UPDATE, DELETE',
        worker: 'SELECT, UPDATE (evaluated_at, value, error)',
      })}

      -- Those of the installation's operator have the organization of zeros, as alerts of built-in rules do.
      CREATE TABLE notification_channels (
        organization_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        kind text NOT NULL,
        -- The part of the target that may be shown.
        shown text NOT NULL,
        -- Only workers may read it, and the secret with which the channel signs.
        target text NOT NULL,
        secret text,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (organization_id, name)
      );
      ${wall('notification_channels', 'organization_id', {
        api: `SELECT (organization_id, name, kind, shown, updated_at), INSERT,
              UPDATE (kind, shown, target, secret, updated_at), DELETE`,
        worker: 'SELECT',
      })}

      CREATE TABLE alerts (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        -- Id of a rule, or name of a built-in one.
        rule text NOT NULL,
        name text NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
        summary text NOT NULL,
        value double precision,
        -- As the rule's, when it was last evaluated.
        channels text[],
        started_at timestamptz NOT NULL,
        fired_at timestamptz,
        resolved_at timestamptz,
        -- When people were last told.
        told_at timestamptz,
        silenced_until timestamptz,
        PRIMARY KEY (organization_id, id)
      );
      CREATE UNIQUE INDEX alerts_open ON alerts (organization_id, rule) WHERE state <> 'resolved';
      CREATE INDEX alerts_started ON alerts (organization_id, started_at, id);
      CREATE INDEX alerts_silenced ON alerts (silenced_until) WHERE silenced_until IS NOT NULL;
      ${wall('alerts', 'organization_id', { api: 'SELECT, UPDATE (silenced_until)', worker: WORKER })}

      -- One for each channel and thing to tell; written with the alert, sent afterwards.
      CREATE TABLE alert_notifications (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        -- NULL: a test.
        alert_id uuid,
        channel text NOT NULL,
        -- In the order in which receivers get it.
        message json NOT NULL,
        created_at timestamptz NOT NULL,
        -- When it is tried next; while a worker sends it, when another one may.
        due_at timestamptz NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'refused', 'given_up')),
        -- Every attempt: at, said.
        log jsonb NOT NULL DEFAULT '[]',
        PRIMARY KEY (organization_id, id)
      );
      CREATE INDEX alert_notifications_waiting ON alert_notifications (due_at) WHERE status = 'waiting';
      CREATE INDEX alert_notifications_of_alert ON alert_notifications (organization_id, alert_id, created_at);
      CREATE INDEX alert_notifications_created ON alert_notifications (organization_id, created_at);
      ${wall('alert_notifications', 'organization_id', { api: 'SELECT, INSERT', worker: WORKER })}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE alert_notifications, alerts, notification_channels, alert_rules;
      CREATE TABLE alerts (
        organization_id uuid NOT NULL,
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        raised_at timestamptz NOT NULL DEFAULT now(),
        code text NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (organization_id, id)
      );
      ${wall('alerts', 'organization_id', { api: 'SELECT', worker: WORKER })}
    `);
  }
}
