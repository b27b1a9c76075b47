import type { ProblemError } from '../http/problem.js';

/**
 * Whether settings ask to keep events for longer than the installation does. Pure.
 * @param settings unchecked
 * @param longest days
 */
export function retentionFaults(settings: unknown, longest: number): ProblemError[] {
  const days = (settings as { readonly event_retention_days?: unknown } | null | undefined)
    ?.event_retention_days;
  if (!Number.isInteger(days) || (days as number) <= longest) return [];
  const message = `must not be greater than ${longest}, for which this installation keeps events`;
  return [{ path: 'settings.event_retention_days', message }];
}
