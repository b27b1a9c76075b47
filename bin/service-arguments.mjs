/**
 * How Node.js runs the API and the workers: with how much garbage V8 lets pile up.
 *
 * Left alone on a large machine API and worker take 490 MB; bounded by a heap limit of 256 MB, a third of
 * their CPU goes into marking the 40 MB that live, over and over, because V8 counts the buffers of batches as
 * they come against the room to grow. So the room is given outright: collect at 50 or 100 % of growth.
 * Measured under full load: 373–397 MB for both.
 *
 * Requests wait for their job to be written and would grow old in a small young generation, hence 32 MB for
 * the API; a worker's batches live longer than any young generation.
 */
export const serviceArguments = {
  api: ['--heap-growing-percent=50', '--max-semi-space-size=32'],
  worker: ['--heap-growing-percent=100', '--max-semi-space-size=8'],
};
