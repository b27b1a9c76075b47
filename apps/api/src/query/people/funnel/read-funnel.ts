import type { EventTypes } from '../../../event-types/event-type-registry.js';
import { parseInstant } from '../../../http/input/parse-instant.js';
import type { TimeRange } from '../../../http/input/time-range.js';
import { validated } from '../../../http/input/validated.js';
import type { ProblemError } from '../../../http/problem.js';
import { parseDuration } from './duration.js';
import { FunnelQuery, type FunnelStep } from './funnel.query.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const USUAL_MS = 7 * DAY_MS;
const LONGEST_MS = 31 * DAY_MS;

/** A checked funnel. */
export interface FunnelQuestion {
  readonly steps: readonly FunnelStep[];
  /** Milliseconds from the first step to the last. */
  readonly within: number;
  /** Milliseconds since the epoch, half-open. */
  readonly range: TimeRange;
  readonly groupBy: string | null;
  /** Most groups of the answer. */
  readonly limit: number;
}

/**
 * Checks the parameters of a funnel, all faults at once. Pure.
 * @param raw parameters, with steps as objects
 * @param now milliseconds since the epoch
 */
export function readFunnel(
  raw: Readonly<Record<string, unknown>>,
  types: EventTypes,
  now: number,
): { readonly question: FunnelQuestion } | { readonly errors: readonly ProblemError[] } {
  const result = validated(FunnelQuery, raw);
  if ('errors' in result) {
    return {
      errors: result.errors.map(({ path, ...error }) => ({ ...error, path: path.replaceAll('.', '/') })),
    };
  }
  const query = result.value;
  const to = query.to === undefined ? now + MINUTE_MS : parseInstant(query.to)!;
  const range = { from: query.from === undefined ? to - USUAL_MS : parseInstant(query.from)!, to };
  const errors = [...faultsInSteps(query, types), ...faultsInRange(range)];
  if (errors.length > 0) return { errors };
  const { steps, within, group_by: groupBy = null, limit } = query;
  return { question: { steps, within: parseDuration(within)!, range, groupBy, limit } };
}

function faultsInRange({ from, to }: TimeRange): ProblemError[] {
  if (from >= to) return [{ path: 'from', message: 'from must be before to' }];
  if (to - from <= LONGEST_MS) return [];
  return [
    { path: 'from', message: `a funnel reads at most ${LONGEST_MS / DAY_MS} days: ask for a shorter range` },
  ];
}

function faultsInSteps({ steps, group_by }: FunnelQuery, types: EventTypes): ProblemError[] {
  const faults: ProblemError[] = [];
  steps.forEach(({ type: name, where }, i) => {
    const type = types.get(name)?.type;
    if (!type) {
      const message = `unknown event type ${name}: GET /v1/event-types lists them`;
      faults.push({ path: `steps/${i}/type`, message });
      return;
    }
    const { dimensions } = type;
    for (const dimension of Object.keys(where).filter((dimension) => !dimensions.includes(dimension))) {
      faults.push({ path: `steps/${i}/where/${dimension}`, message: `the dimension ${oneOf(dimensions)}` });
    }
    if (i === 0 && group_by !== undefined && !dimensions.includes(group_by)) {
      faults.push({ path: 'group_by', message: `a dimension of ${name}: ${oneOf(dimensions)}` });
    }
  });
  return faults;
}

const oneOf = (names: readonly string[]) =>
  names.length > 0 ? `must be one of ${names.join(', ')}` : 'does not apply: the type has none';
