import type { Mailer } from '#mail';
import type { AlertMessage } from '../message/alert-message.js';
import type { GuardedPost } from '../outbound/guarded-post.js';
import type { Outcome } from '../outbound/outcome.js';

/** What channels send with. */
export interface Senders {
  readonly post: GuardedPost;
  /** Null: `SMTP_URL` is not set. */
  readonly mailer: Mailer | null;
}

/** A message on its way through one channel. */
export interface Sending {
  /** Of the notification. A message that is sent again has the same one. */
  readonly id: string;
  readonly message: AlertMessage;
  /** Where the channel leads. */
  readonly target: string;
  /** With which the channel signs; null: it does not. */
  readonly secret: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A way to reach people. */
export interface ChannelKind {
  readonly name: string;
  /** What its target is, for the documentation. */
  readonly target: string;
  /** Whether each channel has a secret with which it signs. */
  readonly signs: boolean;
  /** What is wrong with a target, as the rest of a sentence; null: nothing. Pure. */
  faultIn(target: string): string | null;
  /** The part of a target that may be shown: it can hold secrets. Pure. */
  shown(target: string): string;
  /** Sends once. Never throws: what went wrong is in the outcome. */
  send(sending: Sending, senders: Senders): Promise<Outcome>;
}
