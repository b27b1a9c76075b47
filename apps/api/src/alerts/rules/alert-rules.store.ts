import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { inTenant } from '#database';
import { type Actor, recordAct } from '#identity';
import type { RuleDraft, StoredRule } from './alert-rule.js';

/** Each is evaluated every minute, in a query. */
const MAX_RULES = 100;

/** Why a rule was not saved. */
export type Unsaved = 'name_taken' | 'too_many';

const COLUMNS = `id, revision, name, condition, for_seconds, repeat_seconds, channels, enabled, created_at, updated_at,
  evaluated_at, value, error`;

/** SQL of the rules that organizations define. Every change has its entry in the audit log. */
@Injectable()
export class AlertRulesStore {
  constructor(private readonly pool: Pool) {}

  /** All of them, by name. */
  async all(organizationId: string): Promise<StoredRule[]> {
    return inTenant(this.pool, organizationId, (client) => all(client, organizationId));
  }

  async find(organizationId: string, id: string): Promise<StoredRule | undefined> {
    return (await this.all(organizationId)).find((rule) => rule.id === id);
  }

  async create(actor: Actor, organizationId: string, draft: RuleDraft): Promise<StoredRule | Unsaved> {
    return inTenant(this.pool, organizationId, async (client) => {
      const rules = await lockedRules(client, organizationId);
      if (rules.some(({ name }) => name === draft.name)) return 'name_taken';
      if (rules.length >= MAX_RULES) return 'too_many';
      const { rows } = await client.query<StoredRule>(
        `INSERT INTO alert_rules
           (organization_id, name, condition, for_seconds, repeat_seconds, channels, enabled)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
        [organizationId, ...valuesOf(draft)],
      );
      await recordAct(client, actor, organizationId, 'alert_rule.create', { id: rows[0]!.id, ...draft });
      return rows[0]!;
    });
  }

  /**
   * @param rule as it was when the draft was made
   * @returns `outdated` when it is another by now, or gone
   */
  async change(
    actor: Actor,
    organizationId: string,
    rule: StoredRule,
    draft: RuleDraft,
  ): Promise<StoredRule | Unsaved | 'outdated'> {
    const { id, revision } = rule;
    return inTenant(this.pool, organizationId, async (client) => {
      const rules = await lockedRules(client, organizationId);
      if (rules.find((stored) => stored.id === id)?.revision !== revision) return 'outdated';
      if (rules.some((other) => other.name === draft.name && other.id !== id)) return 'name_taken';
      const { rows } = await client.query<StoredRule>(
        `UPDATE alert_rules SET name = $3, condition = $4, for_seconds = $5, repeat_seconds = $6, channels = $7,
           enabled = $8, revision = revision + 1, updated_at = now()
         WHERE organization_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [organizationId, id, ...valuesOf(draft)],
      );
      await recordAct(client, actor, organizationId, 'alert_rule.change', { id, ...draft });
      return rows[0]!;
    });
  }

  /** @returns false when there is none */
  async remove(actor: Actor, organizationId: string, id: string): Promise<boolean> {
    return inTenant(this.pool, organizationId, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'DELETE FROM alert_rules WHERE organization_id = $1 AND id = $2 RETURNING name',
        [organizationId, id],
      );
      if (rows[0])
        await recordAct(client, actor, organizationId, 'alert_rule.delete', { id, name: rows[0].name });
      return rows.length > 0;
    });
  }
}

/** The rules; changes to them wait for each other. */
async function lockedRules(client: PoolClient, organizationId: string): Promise<StoredRule[]> {
  await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
  return all(client, organizationId);
}

async function all(client: PoolClient, organizationId: string): Promise<StoredRule[]> {
  const { rows } = await client.query<StoredRule>(
    `SELECT ${COLUMNS} FROM alert_rules WHERE organization_id = $1 ORDER BY name`,
    [organizationId],
  );
  return rows;
}

const valuesOf = ({ name, condition, for_seconds, repeat_seconds, channels, enabled }: RuleDraft) => [
  ...[name, JSON.stringify(condition), for_seconds, repeat_seconds, channels, enabled],
];
