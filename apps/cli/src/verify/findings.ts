/** Figures by name; null: the row does not exist. */
export type Figures = Readonly<Record<string, unknown>> | null;

const MAX_LINES = 100;
/** Relative. Sums of the same numbers in different order differ in their last bits. */
const SUM_TOLERANCE = 1e-9;

/** What `verify` compared, and the differences. */
export class Findings {
  /** Compared rows by kind. */
  readonly compared = new Map<string, number>();
  /** The first differences, one line each. */
  readonly lines: string[] = [];
  /** What could not be compared, and why. */
  readonly notes: string[] = [];
  differences = 0;

  /** Counts compared rows of a kind. */
  count(what: string, rows = 1): void {
    this.compared.set(what, (this.compared.get(what) ?? 0) + rows);
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** Records one difference. `field` is empty when a whole row is missing or extra. */
  differ(place: string, field: string, expected: unknown, found: unknown): void {
    this.differences++;
    if (this.lines.length >= MAX_LINES) return;
    const what = field ? `${place}: ${field}` : `${place}:`;
    this.lines.push(`${what} expected ${show(expected)}, found ${show(found)}`);
  }

  /**
   * Compares figure by figure.
   * @param sums figures that may differ in their last bits
   */
  compare(place: string, expected: Figures, found: Figures, sums: readonly string[] = []): void {
    if (!expected || !found) {
      if (expected !== found) this.differ(place, '', expected, found);
      return;
    }
    for (const field of Object.keys(expected)) {
      const [a, b] = [expected[field], found[field]];
      if (a === b || (sums.includes(field) && isSameSum(a as number, b as number))) continue;
      this.differ(place, field, a, b);
    }
  }
}

/** @param magnitude sum of the absolute values; rounding errors are relative to it */
export function isSameSum(a: number, b: number, magnitude = Math.abs(a)): boolean {
  return Math.abs(a - b) <= SUM_TOLERANCE * magnitude;
}

const show = (value: unknown) => (value === null ? 'none' : JSON.stringify(value));
