import 'reflect-metadata';
import { loadEnvironmentOrExit } from '#config';
import { waitForDatabase } from '#database';
import { createApi } from './create-api.js';

const environment = loadEnvironmentOrExit();
await waitForDatabase(environment.DATABASE_URL);
const app = await createApi(environment);
await app.listen(environment.PORT, environment.HOST);
