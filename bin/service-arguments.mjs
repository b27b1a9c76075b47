/**
 * How Node.js runs the API and the workers. The heap's limit is far above what they hold (under 60 MB), but
 * it tells V8 how much garbage may pile up before it collects: with 256 MB API and worker take 340 MB under
 * full load, with the default of a 24 GB machine 490 MB, at the same throughput. An operator's own
 * limit in NODE_OPTIONS stands.
 */
export const serviceArguments = process.env.NODE_OPTIONS?.includes('max-old-space-size')
  ? []
  : ['--max-old-space-size=256'];
