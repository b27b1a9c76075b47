import './checkout/node-version.mjs';

const { inSession } = await import('./test/session.mjs');
const { testCoverage } = await import('./test/coverage.mjs');
await inSession((session) => testCoverage(session, process.argv.slice(2)));
