import './checkout/node-version.mjs';

const { main } = await import('./test/main.mjs');
await main(process.argv.slice(2));
