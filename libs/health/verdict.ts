/** How something is, the best first. `fail`: it does not work, or soon will not. */
export const STATUSES = ['ok', 'warn', 'fail'] as const;
export type Status = (typeof STATUSES)[number];

export type Figure = number | string | boolean | null | Figures;
/** What a check measured, by name with its unit, such as `size_bytes`. */
export interface Figures {
  readonly [name: string]: Figure;
}

/** What a check found. */
export interface Verdict {
  readonly status: Status;
  /** A sentence or more for operators: what is wrong and what to do, or that all is well. */
  readonly summary: string;
  readonly figures: Figures;
}

/** A verdict in the record of a run. */
export interface CheckedVerdict extends Verdict {
  /** Of the check. */
  readonly name: string;
  readonly duration_ms: number;
}

/** The worst of these; `ok` when there are none. */
export const worst = (statuses: readonly Status[]): Status =>
  STATUSES[Math.max(0, ...statuses.map((status) => STATUSES.indexOf(status)))]!;
