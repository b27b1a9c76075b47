/** A job of the queue `exports`: a row of the table `exports`. */
export interface ExportJob {
  readonly organizationId: string;
  readonly id: string;
}
