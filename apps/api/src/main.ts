import 'reflect-metadata';
import { loadEnvironmentOrExit } from '#config';
import { followSupervisor } from '#observability';
import { createApi } from './create-api.js';

const environment = loadEnvironmentOrExit();
const app = await createApi(environment);
if (environment.MILLRACE_SUPERVISED) followSupervisor();
await app.listen(environment.PORT, environment.HOST);
