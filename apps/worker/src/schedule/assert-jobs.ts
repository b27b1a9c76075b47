import { declaredRequests, type JobDefinition, type LoopDefinition, type Token } from '#jobs';

/** The faults in the list of jobs and loops. Pure. */
export function jobFaults(
  jobs: readonly Pick<JobDefinition, 'name'>[],
  loops: readonly Pick<LoopDefinition, 'name'>[],
  requests: readonly string[],
): string[] {
  const names = [...jobs, ...loops].map(({ name }) => name);
  const twice = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  const unanswered = requests.filter((request) => !jobs.some(({ name }) => name === request));
  return [
    ...[...twice].map((name) => `there are two jobs or loops named ${name}`),
    ...unanswered.map((name) => `no job answers the request ${name}`),
  ];
}

/**
 * Stops the start when a job cannot run, or a name is not unique.
 * @param provider looks up what is injected, or throws
 * @throws Error naming every such job
 */
export function assertJobs(
  jobs: readonly JobDefinition[],
  loops: readonly LoopDefinition[],
  provider: (token: Token) => unknown,
): void {
  const faults = [...jobFaults(jobs, loops, declaredRequests())];
  for (const work of [...jobs, ...loops]) {
    const { name } = work;
    for (const token of tokensOf(work))
      if (!isFound(provider, token)) faults.push(`${name} injects ${token.name}, which no module provides`);
  }
  if (faults.length > 0) throw new Error(faults.join('; '));
}

function tokensOf(work: JobDefinition | LoopDefinition): readonly Token[] {
  const schedule = 'schedule' in work ? work.schedule : null;
  return schedule && 'provider' in schedule ? [...work.inject, schedule.provider] : work.inject;
}

function isFound(provider: (token: Token) => unknown, token: Token): boolean {
  try {
    return provider(token) !== undefined;
  } catch {
    return false;
  }
}
