import { Problem } from '../http/problem.js';

/** Exports that run at a time, by organization and on the whole replica: each may hold some ten megabytes. */
const OF_ORGANIZATION = 2;
const OF_REPLICA = 8;
const RETRY_AFTER_SECONDS = 5;

/** Limits how many exports run at a time. */
export class ExportSlots {
  private readonly running = new Map<string, number>();
  private all = 0;

  /**
   * Takes a slot.
   * @returns gives it back
   * @throws Problem 429 when too many exports are running
   */
  take(organizationId: string): () => void {
    const own = this.running.get(organizationId) ?? 0;
    if (own >= OF_ORGANIZATION) throw tooMany(`${OF_ORGANIZATION} exports of this organization are running`);
    if (this.all >= OF_REPLICA) throw tooMany(`${OF_REPLICA} exports are running`);
    this.running.set(organizationId, own + 1);
    this.all++;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.all--;
      const left = this.running.get(organizationId)! - 1;
      if (left === 0) this.running.delete(organizationId);
      else this.running.set(organizationId, left);
    };
  }
}

const tooMany = (what: string) =>
  new Problem(
    429,
    'too_many_exports',
    `${what}: wait for one to end, or ask for a job (POST /v1/exports)`,
    undefined,
    {
      'retry-after': String(RETRY_AFTER_SECONDS),
    },
  );
