import './checkout/node-version.mjs';

const { inSession } = await import('./test/session.mjs');
const { testProject } = await import('./test/some.mjs');
await inSession((session) => testProject(session, process.argv.slice(2)));
