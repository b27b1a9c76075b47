import { Redis } from 'ioredis';

/** The Redis of the tests has 64 databases (bin/test/servers.mjs): eight for each test file that runs at a time. */
const SHARE = 8;
const first = SHARE * (Number(process.env.JEST_WORKER_ID ?? '1') - 1);
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
