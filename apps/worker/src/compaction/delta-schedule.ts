import type { DeltaGroup } from '#rollups';

/**
 * Bytes of deltas that are folded in with the next round. A compaction updates every row that the deltas touch, most
 * of them in all five windows, however few the deltas are; a query adds up as many as this in some milliseconds.
 */
const WORTHWHILE_BYTES = 128 * 1024;
/** Rounds after which fewer are folded in, too. */
const MOST_ROUNDS = 10;

/** Tells which deltaGroups of deltas a round takes. */
export class DeltaSchedule {
  /** Rounds for which a group has been left to grow, by its name. */
  private rounds = new Map<string, number>();

  /** @param deltaGroups everything that is to be folded in, as it stands at the beginning of the round */
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
