import type { DeltaPile } from '#rollups';

/**
 * Bytes of deltas that are folded in with the next round. A compaction updates every row that the deltas touch, most
 * of them in all five windows, however few the deltas are; a query adds up as many as this in some milliseconds.
 */
const WORTHWHILE_BYTES = 128 * 1024;
/** Rounds after which fewer are folded in, too. */
const MOST_ROUNDS = 10;

/** Tells which piles of deltas a round takes. */
export class PileSchedule {
  /** Rounds for which a pile has been left to grow, by its name. */
  private rounds = new Map<string, number>();

  /** @param piles everything that is to be folded in, as it stands at the beginning of the round */
  due(piles: readonly DeltaPile[]): DeltaPile[] {
    const rounds = new Map<string, number>();
    const due = piles.filter((pile) => {
      const name = `${pile.organizationId} ${pile.type}`;
      const waited = (this.rounds.get(name) ?? 0) + 1;
      if (pile.bytes >= WORTHWHILE_BYTES || waited >= MOST_ROUNDS) return true;
      rounds.set(name, waited);
      return false;
    });
    this.rounds = rounds;
    return due;
  }
}
