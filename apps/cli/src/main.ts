import 'reflect-metadata';
import { InvalidEnvironment } from '#config';
import { createDemo } from './demo.js';
import { migrate } from './migrate.js';

/** Every command; resolves with the exit code. */
const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  migrate: async () => {
    await migrate();
    return 0;
  },
  demo: async () => {
    process.stdout.write(`${JSON.stringify(await createDemo())}\n`);
    return 0;
  },
};

const command = COMMANDS[process.argv[2] ?? ''];
if (!command) {
  process.stderr.write(`Commands: ${Object.keys(COMMANDS).join(', ')}\n`);
  process.exit(2);
}
try {
  process.exitCode = await command();
} catch (error) {
  process.stderr.write(`${error instanceof InvalidEnvironment ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
