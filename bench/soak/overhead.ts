import { createPool } from '#database';
import { JobAdministration } from '#job-administration';
import { systemClock } from '#jobs';
import { measureThroughput, type Stage, startPipeline, stopPipeline } from '../end-to-end.js';
import { mean } from '../statistics.js';

/** Pairs of phases: machines drift by a few percent from one phase to the next. */
const PAIRS = 3;
/** About a minute at full rate: few jobs are due more often. */
const BATCHES = 5000;
const WARM_UP_BATCHES = 500;
const EVENTS_PER_BATCH = 1000;
const ACTOR = { subject: 'bench', clientAddress: null };

/**
 * Events a second at full rate while every scheduled job runs once a minute, divided by the rate while all of them are paused, in
 * turns on the same processes. Loops run all the time: they are part of storing events.
 */
export async function measureOverhead(stage: Stage): Promise<number> {
  const pipeline = await startPipeline(stage);
  const pool = createPool({ databaseUrl: stage.database.url, role: 'api', size: 1 });
  const jobs = new JobAdministration(pool, systemClock);
  const names = (await jobs.list()).map(({ name }) => name);
  const rateOf = async (seed: number, requests: number) => {
    const load = { eventsPerRequest: EVENTS_PER_BATCH, connections: 8, requests, seed, isLong: true };
    return (await measureThroughput(stage, pipeline, { ...load, spreadSeconds: 60 })).eventsPerSecond;
  };
  const phase = async (isOn: boolean, seed: number) => {
    for (const name of names) await (isOn ? jobs.run(ACTOR, name) : jobs.pause(ACTOR, name));
    const rate = await rateOf(seed, BATCHES);
    if (!isOn) for (const name of names) await jobs.resume(ACTOR, name);
    return rate;
  };
  await rateOf(0, WARM_UP_BATCHES);
  const on: number[] = [];
  const paused: number[] = [];
  for (let pair = 1; pair <= PAIRS; pair++) {
    // In both orders, so that neither gets the larger tables.
    const order = pair % 2 ? [true, false] : [false, true];
    for (const isOn of order) (isOn ? on : paused).push(await phase(isOn, 2 * pair + Number(isOn)));
    console.log(`jobs on ${Math.round(on.at(-1)!)}, paused ${Math.round(paused.at(-1)!)} events/s`);
  }
  await pool.end();
  await stopPipeline(pipeline);
  return mean(on) / mean(paused);
}
