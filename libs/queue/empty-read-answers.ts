import { type IQueueBackend, RedisQueueBackend } from 'bullmq';

/**
 * Empties a reply of Redis once the next job has been read from it: otherwise replies of ioredis survive V8's
 * young collections, together with the text of the job. On Node.js 24 2,500 jobs of 350 KB cause 4 major
 * collections instead of 25 (docs/decisions/011).
 */
export function emptyReadAnswers(backend: IQueueBackend): void {
  if (!(backend instanceof RedisQueueBackend)) return;
  const execute = backend.execCommand.bind(backend);
  backend.execCommand = async (...parameters) => {
    const answer = await execute(...parameters);
    const [, command] = parameters;
    if (command !== 'moveToActive' || !Array.isArray(answer) || !Array.isArray(answer[0])) return answer;
    const [job, ...rest] = answer as [unknown[], ...unknown[]];
    return [job.splice(0), ...rest];
  };
}
