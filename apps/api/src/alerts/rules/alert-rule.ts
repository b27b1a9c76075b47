import type { Condition } from '#alerts';

/** A rule as its organization defines it. */
export interface RuleDraft {
  readonly name: string;
  readonly condition: Condition;
  /** For how long the condition must hold. */
  readonly for_seconds: number;
  /** Null: people are told once. */
  readonly repeat_seconds: number | null;
  /** Names; null: all channels. */
  readonly channels: readonly string[] | null;
  readonly enabled: boolean;
}

/** A stored rule. */
export interface StoredRule extends RuleDraft {
  readonly id: string;
  /** Grows with each change. */
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** The last evaluation; null: there was none. */
  readonly evaluated_at: Date | null;
  readonly value: number | null;
  /** Why the last evaluation failed; null: it did not. */
  readonly error: string | null;
}

/** A rule in API responses: flat, with the fields of its kind of condition. Pure. */
export function shownRule({ condition, revision: _, ...rule }: StoredRule) {
  const { id, name, ...others } = rule;
  return { id, name, ...condition, ...others };
}

/** The fields that a change leaves as they are, shaped like a request body. A new kind drops those of the old condition. Pure. */
export function fieldsKept(rule: RuleDraft, change: Readonly<Record<string, unknown>>) {
  const { condition, name, for_seconds, repeat_seconds, channels, enabled } = rule;
  const others = { name, for_seconds, repeat_seconds, channels, enabled };
  if (change.kind !== undefined && change.kind !== condition.kind) return others;
  const present = Object.entries(condition).filter(([, value]) => value !== null);
  return { ...others, ...Object.fromEntries(present) };
}
