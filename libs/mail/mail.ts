/** A file in a mail. One with an `id` is shown in the text as `<img src="cid:id">`. */
export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  readonly id?: string;
}

/** A mail to one recipient. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Without angle brackets. A mail that is sent again has the same one, so that mail servers may recognize it. */
  readonly messageId: string;
  readonly attachments?: readonly Attachment[];
  /** HTTPS address that takes the recipient off the list with one POST (RFC 8058). */
  readonly unsubscribeUrl?: string;
}

/**
 * What the mail server said: it has the mail, it refuses it for good, or it may take it later. The fault is that of this mail,
 * or that of the server or its settings, which all mails meet.
 */
export type MailOutcome =
  | { readonly status: 'accepted' }
  | {
      readonly status: 'refused' | 'deferred';
      readonly reason: string;
      readonly faultOf: 'mail' | 'server';
    };
