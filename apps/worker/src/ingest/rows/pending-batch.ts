import { BatchReader, type EncodedBatch } from '#batch';

/** Marks of events that are not inserted. */
const SKIP = { duplicate: 1, dead: 2 } as const;

/** Number of events inserted, and skipped by reason. */
export type EventCounts = Readonly<Record<'stored' | keyof typeof SKIP, number>>;

/** A batch of a transaction, and which of its events are skipped. */
export class PendingBatch {
  readonly reader: BatchReader;
  private readonly marks: Uint8Array;

  constructor(readonly encoded: EncodedBatch) {
    this.reader = new BatchReader(encoded);
    this.marks = new Uint8Array(encoded.count);
  }

  get count(): number {
    return this.encoded.count;
  }

  skip(event: number, reason: keyof typeof SKIP): void {
    this.marks[event] = SKIP[reason];
  }

  isSkipped(event: number): boolean {
    return this.marks[event] !== 0;
  }

  /** Non-zero for each event that is skipped. */
  get skipped(): ArrayLike<number> {
    return this.marks;
  }

  /** The events that are not skipped, ascending. */
  keptEvents(): number[] {
    const kept: number[] = [];
    for (let i = 0; i < this.count; i++) if (this.marks[i] === 0) kept.push(i);
    return kept;
  }

  counts(): EventCounts {
    const skippedAs = (mark: number) =>
      this.marks.reduce((total, value) => (value === mark ? total + 1 : total), 0);
    const [duplicate, dead] = [skippedAs(SKIP.duplicate), skippedAs(SKIP.dead)];
    return { stored: this.count - duplicate - dead, duplicate, dead };
  }
}

/** Some events of a batch, ascending. */
export interface SelectedEvents {
  readonly batch: PendingBatch;
  readonly events: readonly number[];
}
