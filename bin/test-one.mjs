import './checkout/node-version.mjs';

const { inSession } = await import('./test/session.mjs');
const { testOne } = await import('./test/some.mjs');
await inSession((session) => testOne(session, process.argv.slice(2)));
