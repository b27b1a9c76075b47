/**
 * How Node.js runs the API and the workers. The heap's limit is far above what they hold (40 MB), but V8
 * takes it as a measure for how much garbage may pile up before it marks what lives (by a factor of 1.3 at
 * 256 MB, of 4 at the default of a large machine): with 256 MB a third of all CPU went into marking, with
 * the default API and worker took 490 MB. An operator's own limit in NODE_OPTIONS stands.
 */
export const serviceArguments = process.env.NODE_OPTIONS?.includes('max-old-space-size')
  ? []
  : ['--max-old-space-size=1536'];
