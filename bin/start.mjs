import './node-version.mjs';

const { main } = await import('./start/main.mjs');
await main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
