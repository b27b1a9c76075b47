interface BuiltInMetric {
  readonly description: string;
  /** The dimension by which it is counted beside its total; absent: none. */
  readonly dimension?: string;
}

/** Metrics that every organization has for every day, by name. */
export const BUILT_IN_METRICS = {
  dau: { description: 'Distinct users with an event on the day.' },
  wau: { description: 'Distinct users with an event in the seven days that end with the day.' },
  mau: { description: 'Distinct users with an event in the 30 days that end with the day.' },
  new_users: { description: 'Users whose first event ever was on the day.' },
  events: { description: 'Events.', dimension: 'type' },
  errors: {
    description:
      'Events of type `error_occurred`, and commands and agent interactions with the status `error` or `timeout`.',
    dimension: 'type',
  },
  error_rate: {
    description:
      'Share of commands and agent interactions with the status `error` or `timeout`, as on the dashboard; no row on a ' +
      'day without any.',
  },
  sessions: { description: 'Sessions that started on the day.', dimension: 'device' },
  session_seconds_avg: {
    description: 'Average length of these sessions in seconds; no row on a day without any.',
  },
  talked_seconds: { description: 'Seconds talked, from voice metrics.', dimension: 'device_type' },
  input_tokens: { description: 'Tokens that agents were given.', dimension: 'agent_name' },
  output_tokens: { description: 'Tokens that agents wrote.', dimension: 'agent_name' },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;

export type BuiltInMetricName = keyof typeof BUILT_IN_METRICS;

/** Values of a dimension that a metric is counted by; all others are added up as `__rest__`. */
export const MAX_VALUES = 100;
