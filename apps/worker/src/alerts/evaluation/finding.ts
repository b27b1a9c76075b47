import { type BuiltInFinding, describe, holds } from '#alerts';
import { NO_ORGANIZATION } from '#identity';
import type { RuleValue } from './rules.store.js';

/** What an evaluation found of one rule. */
export interface Finding {
  readonly organizationId: string;
  /** Id of the rule, or name of a built-in one. */
  readonly rule: string;
  readonly name: string;
  /** Null: not known. */
  readonly holds: boolean | null;
  readonly value: number | null;
  readonly summary: string;
  readonly forMs: number;
  readonly repeatMs: number | null;
  readonly channels: readonly string[] | null;
}

/** The operator is told again about what is still wrong after four hours. */
const BUILT_IN_REPEAT_MS = 4 * 3_600_000;

/** Of a rule of an organization. Pure. */
export function findingOf({ rule, value, error }: RuleValue): Finding {
  const { organization_id, id, name, condition, for_seconds, repeat_seconds, channels } = rule;
  const isKnown = error === null;
  return {
    ...{ organizationId: organization_id, rule: id, name, value, channels },
    holds: isKnown ? holds(condition, value) : null,
    summary: isKnown ? describe(condition, value) : error,
    forMs: for_seconds * 1000,
    repeatMs: repeat_seconds === null ? null : repeat_seconds * 1000,
  };
}

/** Of a built-in rule. Pure. */
export const builtInFinding = ({ rule, holds, summary }: BuiltInFinding): Finding => ({
  ...{ organizationId: NO_ORGANIZATION, rule, name: rule, holds, value: null, summary },
  ...{ forMs: 0, repeatMs: BUILT_IN_REPEAT_MS, channels: null },
});
