import type { DeltaGroup } from '#rollups';

/**
 * Bytes at which a group is compacted in the next round. A compaction updates every row that its deltas
 * touch, most of them in all five windows, however few the deltas are; a query adds up this many in a few
 * milliseconds.
 */
const WORTHWHILE_BYTES = 128 * 1024;
/** Rounds after which a smaller group is compacted, too. */
const MOST_ROUNDS = 10;

/** Decides which groups of deltas a round of compaction processes. */
export class DeltaSchedule {
  /** Rounds for which a group has not been compacted, by organization and type. */
  private rounds = new Map<string, number>();

  /** @param deltaGroups all groups at the beginning of the round */
  due(deltaGroups: readonly DeltaGroup[]): DeltaGroup[] {
    const rounds = new Map<string, number>();
    const due = deltaGroups.filter((group) => {
      const name = `${group.organizationId} ${group.type}`;
      const waited = (this.rounds.get(name) ?? 0) + 1;
      if (group.bytes >= WORTHWHILE_BYTES || waited >= MOST_ROUNDS) return true;
      rounds.set(name, waited);
      return false;
    });
    this.rounds = rounds;
    return due;
  }
}
