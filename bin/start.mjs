import './checkout/node-version.mjs';

const { main } = await import('./start/main.mjs');
const { startMode } = await import('./start/mode.mjs');
await main(startMode).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
