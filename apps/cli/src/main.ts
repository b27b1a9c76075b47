import 'reflect-metadata';
import { InvalidEnvironment } from '#config';
import { UsageError } from './arguments/usage-error.js';

const print = (line: string) => process.stdout.write(`${line}\n`);
const printError = (line: string) => process.stderr.write(`${line}\n`);

/** All commands; each resolves with the exit code. Imported on demand: most need only few of the modules. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  migrate: async (args) => {
    await assertNone(args);
    const { migrate } = await import('./migrate.js');
    await migrate();
    return 0;
  },
  demo: async (args) => {
    await assertNone(args);
    const { createDemo } = await import('./demo.js');
    print(JSON.stringify(await createDemo()));
    return 0;
  },
  verify: async (args) => {
    await assertNone(args);
    const { verifyCommand } = await import('./verify/verify-command.js');
    return verifyCommand(print);
  },
  health: async (args) => {
    await assertNone(args);
    const { healthCommand } = await import('./health/health-command.js');
    return healthCommand(print);
  },
  performance: async (args) => {
    await assertNone(args);
    const { performanceCommand } = await import('./performance/performance-command.js');
    return performanceCommand(print);
  },
  alerts: async (args) => {
    await assertNone(args);
    const { alertsCommand } = await import('./alerts/alerts-command.js');
    return alertsCommand(print);
  },
  'close-day': async (args) => {
    const { closeDayCommand } = await import('./close-day.js');
    return closeDayCommand(args, print);
  },
  retention: async (args) => {
    const { retentionCommand } = await import('./retention.js');
    return retentionCommand(args, print);
  },
  org: async (args) => {
    const { runAct } = await import('./admin/run-act.js');
    const { ORG } = await import('./admin/org.js');
    return runAct(ORG, args, print, printError);
  },
  key: async (args) => {
    const { runAct } = await import('./admin/run-act.js');
    const { KEY } = await import('./admin/key.js');
    return runAct(KEY, args, print, printError);
  },
  jobs: async (args) => {
    const { runAct } = await import('./admin/run-act.js');
    const { JOBS } = await import('./admin/jobs.js');
    return runAct(JOBS, args, print, printError);
  },
  'sql-access': async (args) => {
    const { runAct } = await import('./admin/run-act.js');
    const { SQL_ACCESS } = await import('./sql-access/sql-access.js');
    return runAct(SQL_ACCESS, args, print, printError);
  },
};

/** @throws UsageError when any argument is given */
async function assertNone(args: readonly string[]): Promise<void> {
  const { readArguments } = await import('./arguments/read-arguments.js');
  readArguments(args, []);
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (!command) {
  printError(`Commands: ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(2);
}
try {
  process.exitCode = await command(args);
} catch (error) {
  const isUserError = error instanceof UsageError || error instanceof InvalidEnvironment;
  printError(isUserError ? error.message : String((error as Error).stack));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
