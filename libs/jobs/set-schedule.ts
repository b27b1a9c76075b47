import type { JobDefinition } from './define-job.js';
import type { Injected, Token } from './injection.js';
import { intervalSchedule, type Schedule } from './schedule.js';

/** A schedule whose interval a setting says. It becomes an `IntervalSchedule` when the worker starts. */
export interface SetSchedule {
  /** The provider with the setting. */
  readonly provider: Token;
  everySeconds(provider: unknown): number;
}

/** A job whose schedule is known. */
export type ScheduledJob = Omit<JobDefinition, 'schedule'> & { readonly schedule: Schedule | null };

/**
 * A schedule with an interval in whole seconds from a provider, such as the settings.
 * @param everySeconds reads it
 */
export const every = <Provider extends Token>(
  provider: Provider,
  everySeconds: (provider: Injected<[Provider]>[0]) => number,
): SetSchedule => ({ provider, everySeconds: everySeconds as SetSchedule['everySeconds'] });

/**
 * The jobs with the intervals that the settings say.
 * @param provider looks up what is injected
 * @throws Error naming the job whose interval is not a whole number of seconds
 */
export function withIntervals(
  jobs: readonly JobDefinition[],
  provider: (token: Token) => unknown,
): ScheduledJob[] {
  return jobs.map((job) => {
    const { name, schedule } = job;
    if (schedule === null || !('provider' in schedule)) return { ...job, schedule };
    try {
      return { ...job, schedule: intervalSchedule(schedule.everySeconds(provider(schedule.provider))) };
    } catch (error) {
      throw new Error(`the job ${name}: ${(error as Error).message}`);
    }
  });
}
