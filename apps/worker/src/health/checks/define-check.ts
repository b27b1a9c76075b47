import type { Figures, Verdict } from '#health';
import type { Clock, Injected, Token } from '#jobs';

/** Milliseconds that a check may take unless it says otherwise: its statements are given up after five seconds. */
const USUAL_TIMEOUT_MS = 10_000;

/** The context of a run of a check. */
export interface CheckContext {
  readonly clock: Clock;
  /** Aborts when the check has taken too long, or the process is about to end. */
  readonly signal: AbortSignal;
  /** What this check found in the run before; null when there is none. */
  readonly previous: Figures | null;
}

/** A check as the runner calls it. */
export interface CheckDefinition {
  readonly name: string;
  readonly timeoutMs: number;
  readonly inject: readonly Token[];
  run(context: CheckContext, ...injected: unknown[]): Promise<Verdict | null>;
}

interface CheckInput<Tokens extends readonly Token[]> {
  /** Kebab-case. */
  readonly name: string;
  /** Milliseconds after which the check counts as failed; absent: 10,000. */
  readonly timeoutMs?: number;
  /** Providers that `run` gets after the context. */
  readonly inject?: Tokens;
  /**
   * Reads figures and judges them. It changes nothing.
   * @returns null when the check does not apply to this installation
   * @throws any error: the check has failed then
   */
  run(context: CheckContext, ...injected: Injected<Tokens>): Promise<Verdict | null>;
}

/** Defines a check of the installation's health. Judging is a pure function beside it. */
export function defineCheck<const Tokens extends readonly Token[] = []>({
  name,
  timeoutMs = USUAL_TIMEOUT_MS,
  inject,
  run,
}: CheckInput<Tokens>): CheckDefinition {
  return { name, timeoutMs, inject: inject ?? [], run: run as CheckDefinition['run'] };
}
