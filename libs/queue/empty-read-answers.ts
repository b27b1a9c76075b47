import { type IQueueBackend, RedisQueueBackend } from 'bullmq';

/**
 * Empties Redis's answer once the next job has been read from it: an answer of ioredis otherwise survives V8's
 * young collections, and the job's text with it. On Node.js 24 2,500 jobs of 350 KB cause 4 major collections
 * instead of 25 (docs/decisions/011).
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
