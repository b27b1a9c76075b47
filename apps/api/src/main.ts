import 'reflect-metadata';
import { loadEnvironmentOrExit } from '#config';
import { createApi } from './create-api.js';

const environment = loadEnvironmentOrExit();
const app = await createApi(environment);
await app.listen(environment.PORT, environment.HOST);
