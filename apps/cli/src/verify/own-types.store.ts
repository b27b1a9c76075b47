import type { CountedType, Counting } from './counted-type.js';
import type { Snapshot } from './snapshot.store.js';

/** SQL for all revisions of the organizations' own event types. */
export class OwnTypesStore {
  constructor(private readonly snapshot: Snapshot) {}

  async all(): Promise<CountedType[]> {
    const types: CountedType[] = [];
    const rows = this.snapshot.stream<{ organization_id: string; name: string; countings: Counting[] }>(`
      SELECT organization_id, name, json_agg(counting) AS countings
      FROM (
        SELECT organization_id, name, json_build_object('revisions', json_agg(revision),
               'dimensions', dimensions, 'measures', measures) AS counting
        FROM event_types GROUP BY organization_id, name, dimensions, measures
      ) AS counted GROUP BY organization_id, name`);
    for await (const { organization_id, name, countings } of rows) {
      types.push({ organizationId: organization_id, name, countings });
    }
    return types;
  }
}
