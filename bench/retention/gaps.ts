import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const LOOK_EVERY_MS = 3;
/** Every transaction that stores events takes a number of this sequence, once it has its locks. */
const LAST_NUMBER = 'SELECT last_value AS n FROM activity_deltas_id_seq';

/**
 * Watches the transactions that store events until the returned function is called.
 * @returns the longest time between two of them, in milliseconds
 */
export async function watchGaps(databaseUrl: string): Promise<() => Promise<number>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  let isOver = false;
  const watching = (async () => {
    let longest = 0;
    for (let [last, since] = ['', performance.now()]; !isOver; ) {
      const { n } = (await client.query<{ n: string }>(LAST_NUMBER)).rows[0]!;
      longest = Math.max(longest, performance.now() - since);
      if (n !== last) [last, since] = [n, performance.now()];
      await sleep(LOOK_EVERY_MS);
    }
    await client.end();
    return longest;
  })();
  return () => {
    isOver = true;
    return watching;
  };
}
