import './checkout/node-version.mjs';

const { testAll } = await import('./test/all.mjs');
const { inSession } = await import('./test/session.mjs');
await inSession((session) => testAll(session, process.argv.slice(2)));
