import './checkout/node-version.mjs';

const { prepareDependencies } = await import('./build/prepare.mjs');
const { loadTest } = await import('./load-test/main.mjs');
try {
  await prepareDependencies();
  process.exitCode = await loadTest(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
