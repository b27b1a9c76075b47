/**
 * How Node.js runs the API and the workers: with how much garbage V8 lets group up. Dockerfile and
 * docker-compose.yml say the same.
 *
 * Left alone on a large machine API and worker take 490 MB; bounded by a heap limit of 256 MB, a third of
 * their CPU goes into marking the 40 MB that live, over and over. So the room is given outright: the old
 * generation may grow by 80 %. And it is used: V8 starts to mark when less than a young generation's size is left
 * of it, and counts the buffers of batches against it, whose memory young collections free soon after. Begun
 * at 90 % of the room, one marking is left of ten, and with them went a tenth of all CPU and half of the time
 * within which 99 % of requests are answered.
 *
 * Whether V8 takes events for long-lived depends on what it meets while it warms up; in half of all runs it
 * did, put them among the old, and all their texts with them, 2 MB at each young collection. So it is told not
 * to. Under half load 99 % of requests are then answered within 18–22 ms instead of 22–39.
 *
 * Requests wait for their job to be written and would grow old in a young generation of less than 16 MB; with
 * 32 MB API and worker take 410 MB.
 *
 * A worker collects young garbage in its main thread alone. Helpers, which the API keeps as its clients wait for it,
 * took the cores from under the API: 99 % of requests were answered within 46–60 ms instead of 31–38 (half load,
 * three runs each, in turns).
 */
const both = [
  '--heap-growing-percent=80',
  '--max-semi-space-size=16',
  '--incremental-marking-soft-trigger=90',
  '--incremental-marking-hard-trigger=98',
  '--no-allocation-site-pretenuring',
];

export const nodeArguments = { api: both, worker: [...both, '--no-parallel-scavenge'] };

/** With an arena for each of its threads, glibc keeps 22 MB more of what API and worker have freed. */
export const serviceEnvironment = { MALLOC_ARENA_MAX: '1' };
