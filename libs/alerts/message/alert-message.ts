import type { Telling } from '../state/next-alert.js';

/** What is sent about an alert. Stored as JSON until every channel has it; also the body of a webhook. */
export interface AlertMessage {
  readonly event: Telling | 'test';
  /** Null: about the installation, for its operator. */
  readonly organization_id: string | null;
  /** Null in a test. */
  readonly alert_id: string | null;
  /** Name of the rule. */
  readonly rule: string;
  /** What is wrong, or was, in a sentence. */
  readonly summary: string;
  readonly value: number | null;
  readonly started_at: string | null;
  readonly fired_at: string | null;
  readonly resolved_at: string | null;
}

const EVENTS: Readonly<Record<AlertMessage['event'], string>> = {
  firing: 'Firing',
  repeated: 'Still firing',
  resolved: 'Resolved',
  test: 'Test',
};

/** The message in a line, such as `Firing: many errors`. Pure. */
export const titleOf = ({ event, rule }: AlertMessage) => `${EVENTS[event]}: ${rule}`;

/** The rest of the message, in lines. Pure. */
export function linesOf({ summary, fired_at, resolved_at, event }: AlertMessage): string[] {
  return [
    summary,
    ...(event === 'test' ? ['This is a test. Nothing is wrong.'] : []),
    ...(fired_at ? [`Firing since ${fired_at}.`] : []),
    ...(resolved_at ? [`Resolved at ${resolved_at}.`] : []),
  ];
}

/** The message that tries the channels of a rule. Pure. */
export const testMessage = (organizationId: string | null, rule: string, summary: string): AlertMessage => ({
  ...{ event: 'test', organization_id: organizationId, alert_id: null, rule, summary },
  ...{ value: null, started_at: null, fired_at: null, resolved_at: null },
});
