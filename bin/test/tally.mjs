/** Counts passed, failed and skipped tests, for the last line. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** @param {Partial<Pick<Tally, 'passed' | 'failed' | 'skipped'>>} counts */
  add({ passed = 0, failed = 0, skipped = 0 }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  /** @param {Error} error counts as one failure */
  fail(error) {
    console.error(error.message);
    this.failed++;
  }

  toString() {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    return `${this.passed} passed, ${this.failed} failed${skipped}`;
  }
}
