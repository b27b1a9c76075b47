import { type administratorOf, bodyOf } from './administration.js';
import { eventually } from './eventually.js';

/**
 * Has a worker run a job now; resolves when it has.
 * @param call as the operator
 */
export async function runJob(call: ReturnType<typeof administratorOf>, name: string): Promise<void> {
  const path = `/v1/admin/jobs/${name}`;
  const slot = await eventually('a worker knows the job', async () => {
    const answer = await call('POST', `${path}/run`, {});
    return answer.status === 202 && bodyOf(answer).slot;
  });
  await eventually(`${name} has run`, async () => {
    const { runs } = bodyOf(await call('GET', path));
    return (runs as { slot: string }[]).some((run) => run.slot === slot);
  });
}
