import 'reflect-metadata';
import { InvalidEnvironment } from '#config';

/** Every command; resolves with the exit code. Loaded when asked for: most need little of what one needs. */
const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  migrate: async () => {
    const { migrate } = await import('./migrate.js');
    await migrate();
    return 0;
  },
  demo: async () => {
    const { createDemo } = await import('./demo.js');
    process.stdout.write(`${JSON.stringify(await createDemo())}\n`);
    return 0;
  },
  verify: async () => {
    const { verifyCommand } = await import('./verify/verify-command.js');
    return verifyCommand((line) => process.stdout.write(`${line}\n`));
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
