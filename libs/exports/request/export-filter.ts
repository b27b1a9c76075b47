/** Which events to export; instants in milliseconds since the epoch, half-open. */
export interface ExportFilter {
  readonly from: number;
  readonly to: number;
  readonly type?: string;
  readonly userId?: string;
  readonly sessionId?: string;
}
