// Prints every route registered with Fastify in the built API as JSON: [{method, url}].
import { subscribe } from 'node:diagnostics_channel';

const routes = [];
subscribe('fastify.initialization', ({ fastify }) =>
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) routes.push({ method: name, url });
  }),
);
const { loadEnvironment } = await import('../../dist/libs/config/index.js');
const { createApi } = await import('../../dist/apps/api/src/create-api.js');
const app = await createApi(loadEnvironment());
await app.init();
await app.getHttpAdapter().getInstance().ready();
process.stdout.write(`${JSON.stringify(routes)}\n`);
await app.close();
