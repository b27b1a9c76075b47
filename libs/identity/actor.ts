/** Who acts, as the audit log names them, and from where. */
export interface Actor {
  /** As `Principal.subject`; `cli` for the command line. */
  readonly subject: string;
  /** Network address; null when there is none. */
  readonly clientAddress: string | null;
}
