import { type Figures, type Status, type Verdict, worst } from '#health';

/** Something that is wrong. */
export interface Finding {
  readonly status: Exclude<Status, 'ok'>;
  /** A sentence that says what is wrong and what to do. */
  readonly says: string;
}

/** From which value on a figure is a warning, and from which one a failure. */
export interface Limits {
  readonly warn: number;
  readonly fail: number;
}

/** A finding if the value has reached a limit. */
export function reached(value: number, { warn, fail }: Limits, says: string): Finding[] {
  if (value < warn) return [];
  return [{ status: value >= fail ? 'fail' : 'warn', says }];
}

/** A finding of this status if something is so. */
export const when = (isSo: boolean, status: Finding['status'], says: string): Finding[] =>
  isSo ? [{ status, says }] : [];

/**
 * The verdict on these findings: the worst of them.
 * @param fine what to say when there is none
 */
export function verdictOf(fine: string, figures: Figures, findings: readonly Finding[]): Verdict {
  const status = worst(findings.map((finding) => finding.status));
  const says = (wanted: Status) => findings.filter((finding) => finding.status === wanted);
  const sentences = [...says('fail'), ...says('warn')].map((finding) => finding.says);
  return { status, summary: sentences.length > 0 ? sentences.join(' ') : fine, figures };
}

/** A figure of an earlier run, if it is a number. */
export function numberIn(figures: Figures | null, name: string): number | null {
  const value = figures?.[name];
  return typeof value === 'number' ? value : null;
}

/** Figures within figures of an earlier run. */
export function figuresIn(figures: Figures | null, name: string): Figures | null {
  const value = figures?.[name];
  return typeof value === 'object' ? value : null;
}
