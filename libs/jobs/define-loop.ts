import type { Injected, Token } from './injection.js';
import type { LoopContext, LoopOptions } from './loop.js';

/** A loop as the worker starts it. */
export interface LoopDefinition extends Pick<LoopOptions, 'name' | 'everyMs' | 'graceMs'> {
  readonly inject: readonly Token[];
  run(context: LoopContext, ...injected: unknown[]): void | Promise<void>;
}

interface LoopInput<Tokens extends readonly Token[]>
  extends Pick<LoopOptions, 'name' | 'everyMs' | 'graceMs'> {
  /** Providers that `run` gets after the context. */
  readonly inject?: Tokens;
  run(context: LoopContext, ...injected: Injected<Tokens>): void | Promise<void>;
}

/** Defines work that every worker repeats at an interval shorter than a job's; see `Loop`. */
export function defineLoop<const Tokens extends readonly Token[] = []>(
  loop: LoopInput<Tokens>,
): LoopDefinition {
  return { inject: [], ...loop } as LoopDefinition;
}
