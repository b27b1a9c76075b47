/** A request as a dialect sees it: decompressed, but not parsed. */
export interface IngestRequest {
  readonly body: Buffer;
  /** Media type without parameters, lower case; empty when the request names none. */
  readonly contentType: string;
  /** Path parameters, e.g. `id` of `/sessions/:id`. */
  readonly params: Readonly<Record<string, string>>;
  /** The query parameters that the dialect declares, if present. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The headers that the dialect declares, by lower-case name, if present; Latin-1, as Node reads them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The instant of receipt, milliseconds since the epoch. */
  readonly now: number;
  /** Most events per request; a dialect stops decoding (413) as soon as it sees more. */
  readonly maxEvents: number;
}
