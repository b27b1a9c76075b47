import type { ClientBase } from 'pg';
import { PendingDeltas } from '../pending/pending-deltas.js';
import { RollupReadModel } from './rollup.read-model.js';
import { SettledSumsMemory } from './settled-sums.js';

/** Reads rollups, and remembers between transactions what has been read. */
export class RollupReads {
  private readonly memory = new SettledSumsMemory();

  constructor(private readonly pending: PendingDeltas) {}

  /** @param client in a snapshot of the organization */
  in(client: ClientBase, organizationId: string): RollupReadModel {
    return new RollupReadModel(client, organizationId, this.pending, this.memory);
  }
}
