/** What a dialect sees of a request. Decompression is done; nothing is parsed yet. */
export interface IngestRequest {
  readonly body: Buffer;
  /** Media type without parameters, lower case; empty when the request names none. */
  readonly contentType: string;
  /** Path parameters, e.g. `id` of `/sessions/:id`. */
  readonly params: Readonly<Record<string, string>>;
  /** The query parameters that the dialect declares, as far as they are there. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The headers that the dialect declares, by name in lower case, as far as they are there; Latin-1, as Node reads them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The instant of receipt, milliseconds since the epoch. */
  readonly now: number;
  /** Most events one request may hold; a dialect stops decoding (413) as soon as it sees more. */
  readonly maxEvents: number;
}
