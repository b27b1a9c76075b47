/** A picture in a mail. */
export interface MailChart {
  readonly id: string;
  readonly title: string;
  /** The same in words, for who does not see pictures. */
  readonly alternative: string;
  readonly png: Uint8Array;
}
