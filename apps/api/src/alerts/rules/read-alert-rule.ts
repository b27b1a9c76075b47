import type { Condition } from '#alerts';
import type { MetricDefinition } from '#people';
import { definitionIn } from '../../daily-metrics/definitions/read-metric-definition.js';
import type { EventTypes } from '../../event-types/event-type-registry.js';
import { invalidBody } from '../../http/input/read-body.js';
import { validated } from '../../http/input/validated.js';
import type { ProblemError } from '../../http/problem.js';
import { NoEventsBody, RuleBody, ThresholdBody } from './alert-rule.body.js';
import type { RuleDraft } from './alert-rule.js';

/** Fields that say which events, by kind. They are checked as those of a daily metric are. */
const ABOUT_EVENTS: Readonly<Record<string, readonly string[]>> = {
  threshold: ['type', 'measure', 'stat', 'where'],
  no_events: ['type', 'where'],
};
const SHAPES = { threshold: ThresholdBody, no_events: NoEventsBody } as const;

type Body = Readonly<Record<string, unknown>>;

/**
 * Reads a rule from a body. Pure.
 * @param channels that the organization has, by name
 * @throws Problem 400 `invalid_body` naming every faulty field
 */
export function readAlertRule(body: Body, types: EventTypes, channels: readonly string[]): RuleDraft {
  const kind = body.kind === 'threshold' || body.kind === 'no_events' ? body.kind : null;
  // Null is as good as absent, also where it stands in an answer.
  const given = Object.entries(body).filter(([name, value]) => value !== null || !isOptional(name));
  const [events, others] = [true, false].map((isAbout) =>
    Object.fromEntries(
      given.filter(([name]) => ABOUT_EVENTS[kind ?? 'threshold']!.includes(name) === isAbout),
    ),
  ) as [Body, Body];
  const read = validated<RuleBody>(kind ? SHAPES[kind] : RuleBody, others);
  const about = kind === null ? { errors: [] } : aboutEvents(kind, events, types);
  const unknown = 'value' in read ? faultsInChannels(read.value, channels) : [];
  const errors = [
    ...('errors' in read ? read.errors : []),
    ...('errors' in about ? about.errors : []),
    ...unknown,
  ];
  if (!('value' in read) || 'errors' in about || errors.length > 0) throw invalidBody(errors);
  const { name, for_seconds, repeat_seconds, enabled, channels: named } = read.value;
  const condition = conditionOf(read.value, about.definition);
  return { name, condition, for_seconds, repeat_seconds, channels: named, enabled };
}

const isOptional = (name: string) => name === 'measure' || name === 'type' || name === 'channels';

type About = { readonly definition: MetricDefinition | null } | { readonly errors: readonly ProblemError[] };

function aboutEvents(kind: RuleBody['kind'], events: Body, types: EventTypes): About {
  if (kind === 'threshold' || events.type !== undefined) return definitionIn(events, types);
  const isFiltered = events.where !== undefined && Object.keys(Object(events.where)).length > 0;
  return isFiltered ? { errors: [{ path: 'where', message: 'where needs a type' }] } : { definition: null };
}

function conditionOf(body: RuleBody, definition: MetricDefinition | null): Condition {
  if (body instanceof NoEventsBody) {
    const { type = null, where = {} } = definition ?? {};
    return { kind: 'no_events', type, where, minutes: body.minutes };
  }
  const { window, comparison, threshold } = body as ThresholdBody;
  const { type, measure, stat, where } = definition!;
  return { kind: 'threshold', type, measure, stat, where, window, comparison, threshold };
}

const faultsInChannels = ({ channels }: RuleBody, known: readonly string[]): ProblemError[] =>
  (channels ?? []).flatMap((name, i) =>
    known.includes(name) ? [] : [{ path: `channels/${i}`, message: `there is no channel ${name}` }],
  );
