/** What a channel said: it has the message, refuses it for good, or may take it later. */
export interface Outcome {
  readonly status: 'sent' | 'refused' | 'deferred';
  /** For people, such as `HTTP 200` or why it failed. */
  readonly said: string;
}
