/**
 * How Node.js runs the API and the workers, for `npm start`, the bench and the containers.
 * Figures are from the bench at half load, on 2 cores.
 */
const nodeMajor = Number.parseInt(process.versions.node, 10);

/**
 * How far the old generation grows before V8 marks it. Without a limit API and worker take 490 MB; with a heap limit of
 * 256 MB, marking the 40 MB of live objects takes a third of their CPU.
 */
const growth = (percent) => `--heap-growing-percent=${percent}`;

const both = [
  // In half of all runs V8 took events for long-lived and promoted their texts, 2 MB per young collection. Without
  // pretenuring p99 is 18–22 ms instead of 22–39.
  '--no-allocation-site-pretenuring',
];

// V8 counts batch buffers towards the old generation and starts marking early. Starting at 90 % instead
// leaves one marking of ten, which saved a tenth of all CPU and halved p99.
const lateMarking = ['--incremental-marking-soft-trigger=90', '--incremental-marking-hard-trigger=98'];

/**
 * Requests wait in the API for their job to be written: with less than 16 MB they are promoted and cost major collections; with
 * 32 MB API and worker take 410 MB. In a worker 8 instead of 16 MB save 27 to 37 MB and cost 4 % of its CPU, at the same rate.
 */
const youngGeneration = (megabytes) => `--max-semi-space-size=${megabytes}`;

export const nodeArguments = {
  // On 26 with the queue in PostgreSQL, 50 % instead of 80 % saves 10 MB.
  api: [...both, growth(nodeMajor < 24 ? 80 : 50), youngGeneration(16), ...lateMarking],
  worker: [
    ...both,
    growth(80),
    // Parallel helpers took the cores from the API: p99 was 46–60 ms instead of 31–38 (three runs each, in turns).
    '--no-parallel-scavenge',
    youngGeneration(8),
    // From 24 on Node.js takes 20 MB more per process. Early marking saves 25 MB and costs a worker a tenth of its CPU.
    ...(nodeMajor < 24 ? lateMarking : []),
  ],
  cli: [],
};

export const serviceEnvironment = {
  // With an arena per thread, glibc keeps 22 MB more of the memory that API and worker have freed.
  MALLOC_ARENA_MAX: '1',
  // Buffers from 128 KiB on are mapped one by one and given back when freed: 25 MB less.
  MALLOC_MMAP_THRESHOLD_: '131072',
  // Smaller ones are kept. With a threshold for mapping, glibc would otherwise trim from 128 KiB on.
  MALLOC_TRIM_THRESHOLD_: '16777216',
};

/**
 * The entry point of a program, relative to the checkout or the image.
 * @param {'api' | 'worker' | 'cli'} program
 */
export const scriptOf = (program) => `dist/apps/${program}/src/main.js`;
