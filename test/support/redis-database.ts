import { Redis } from 'ioredis';

/** Redis has sixteen databases. Jest runs two test files at a time; each has half of them. */
const SHARE = 8;
const first = SHARE * ((Number(process.env.JEST_WORKER_ID ?? '1') - 1) % 2);
let given = 0;

/** URL of an empty Redis database that no other test file uses at the same time. */
export async function ownRedisDatabase(): Promise<string> {
  const server = process.env.TEST_REDIS_URL;
  if (!server) throw new Error('TEST_REDIS_URL is not set: run the tests with `npm test`');
  const url = new URL(server);
  url.pathname = `/${first + (given++ % SHARE)}`;
  // An earlier test file may have left jobs in it.
  const redis = new Redis(url.href);
  await redis.flushdb();
  await redis.quit();
  return url.href;
}
