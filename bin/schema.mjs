import './checkout/node-version.mjs';

const { Shutdown } = await import('./process/shutdown.mjs');
const { writeSchema } = await import('./schema/write-schema.mjs');
const shutdown = new Shutdown();
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => void shutdown.stop());
try {
  await shutdown.run(() => writeSchema(shutdown));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await shutdown.stop();
}
