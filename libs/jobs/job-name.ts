const NAME = /^[a-z]+(-[a-z]+)*$/;

/**
 * A job's name is part of its id in the queue, and its key in `job_runs`.
 * @throws Error when it is not kebab-case
 */
export function assertJobName(name: string): void {
  if (!NAME.test(name)) throw new Error(`"${name}" is not a job's name: lower-case words joined by hyphens`);
}
