import './checkout/node-version.mjs';

const { main } = await import('./start/main.mjs');
const { devMode } = await import('./dev/mode.mjs');
await main(devMode).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
