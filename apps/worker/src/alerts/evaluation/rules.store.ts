import type { ClientBase, Pool } from 'pg';
import type { Condition } from '#alerts';

/** A rule of an organization that is switched on. */
export interface Rule {
  readonly organization_id: string;
  readonly id: string;
  readonly name: string;
  readonly condition: Condition;
  readonly for_seconds: number;
  readonly repeat_seconds: number | null;
  /** Names; null: all channels. */
  readonly channels: readonly string[] | null;
  readonly revision: number;
}

/** What a rule's condition was found to be. */
export interface RuleValue {
  readonly rule: Rule;
  /** Null: there is none. */
  readonly value: number | null;
  /** Why it could not be evaluated; null: it was. */
  readonly error: string | null;
}

/** The rules of all organizations. */
export async function enabledRules(pool: Pool): Promise<Rule[]> {
  const { rows } = await pool.query<Rule>(
    `SELECT organization_id, id, name, condition, for_seconds, repeat_seconds, channels, revision
     FROM alert_rules WHERE enabled ORDER BY organization_id, id`,
  );
  return rows;
}

/**
 * Notes on each rule what was found, unless it has changed meanwhile or a later evaluation was faster. Locks the rules.
 * @returns the values that were noted
 */
export async function noteValues(
  client: ClientBase,
  values: readonly RuleValue[],
  now: Date,
): Promise<RuleValue[]> {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE alert_rules r SET evaluated_at = $1, value = e.value, error = e.error
     FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::float8[], $6::text[])
       AS e (organization_id, id, revision, value, error)
     WHERE r.organization_id = e.organization_id AND r.id = e.id AND r.revision = e.revision AND r.enabled
       AND (r.evaluated_at IS NULL OR r.evaluated_at < $1)
     RETURNING r.id`,
    [
      now,
      values.map(({ rule }) => rule.organization_id),
      values.map(({ rule }) => rule.id),
      values.map(({ rule }) => rule.revision),
      values.map(({ value }) => value),
      values.map(({ error }) => error),
    ],
  );
  const noted = new Set(rows.map(({ id }) => id));
  return values.filter(({ rule }) => noted.has(rule.id));
}
