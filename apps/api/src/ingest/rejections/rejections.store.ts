import type { ClientBase } from 'pg';
import type { CountedRejections } from './rejection-counts.js';

/** SQL of an organization's rejected events. */
export class RejectionsStore {
  /** @param client in a transaction of the organization */
  constructor(
    private readonly client: ClientBase,
    private readonly organizationId: string,
  ) {}

  /** Adds to what is counted. Rows come in one order, so that replicas do not wait for each other in a circle. */
  async add(counted: readonly CountedRejections[]): Promise<void> {
    await this.client.query(
      `INSERT INTO rejections AS r (organization_id, bucket, code, events)
       SELECT $1, to_timestamp(bucket / 1000), code, events
       FROM unnest($2::float8[], $3::text[], $4::bigint[]) AS n(bucket, code, events) ORDER BY bucket, code
       ON CONFLICT (organization_id, bucket, code) DO UPDATE SET events = r.events + EXCLUDED.events`,
      [
        this.organizationId,
        counted.map(({ bucket }) => bucket),
        counted.map(({ code }) => code),
        counted.map(({ events }) => events),
      ],
    );
  }
}
