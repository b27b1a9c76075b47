import { measureCopy } from './copy.js';
import { createBenchDatabase } from './database.js';
import { measureThroughput, startPipeline, stopPipeline } from './end-to-end.js';

const url = process.env.PGURL!;
const pgpid = Number(process.env.PGPID),
  rpid = Number(process.env.RPID);
const what = (process.env.WHAT ?? 'copy,redis,pg').split(',');
const requests = Number(process.env.REQ ?? 600);
for (const w of what) {
  if (w === 'copy') console.log('copy', Math.round(await measureCopy(url, 200, 1)));
  else {
    const database = await createBenchDatabase(url, 'bench_e2e');
    const stage = {
      database,
      ...(w === 'redis' ? { redisUrl: process.env.RURL! } : {}),
      postgresPid: pgpid,
      redisPid: rpid,
      port: 3300,
    };
    const p = await startPipeline(stage);
    for (const n of [100, requests]) {
      const r = await measureThroughput(stage, p, {
        requests: n,
        eventsPerRequest: 1000,
        connections: 8,
        seed: n,
        spreadSeconds: n / 40,
      });
      console.log(
        w,
        n,
        Math.round(r.eventsPerSecond),
        'accepted',
        Math.round(r.acceptedPerSecond),
        JSON.stringify(r.cpuPerMillion),
        'rss',
        Math.round(r.rssMb),
        r.load.statuses,
        'ack p50',
        r.load.latencies[n >> 1]!.toFixed(1),
        'p99',
        r.load.latencies[Math.floor(n * 0.99)]!.toFixed(1),
      );
    }
    await stopPipeline(p);
  }
}
