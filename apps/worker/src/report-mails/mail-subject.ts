import type { StoredReport } from '#reports';

/** Who gets a mail. */
export interface Addressee {
  readonly organizationId: string;
  readonly email: string;
  readonly messageId: string;
}

/** What a mail is made of. */
export interface MailSubject {
  readonly report: StoredReport;
  readonly organization: {
    readonly name: string;
    /** For the token that unsubscribes. */
    readonly key: Buffer;
  };
}
