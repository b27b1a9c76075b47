/** A Redis server of one test file, which may stop or freeze it. */
export interface OwnRedis {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts one with the settings of `npm test`, on a free port. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const program = new URL('../../bin/redis/server.mjs', import.meta.url).href;
  const { startRedis } = (await import(program)) as { startRedis(): Promise<OwnRedis> };
  return startRedis();
}
