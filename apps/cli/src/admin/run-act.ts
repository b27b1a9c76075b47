import type { Pool } from 'pg';
import { loadEnvironment } from '#config';
import { createPool, type Role } from '#database';
import { UsageError } from '../arguments/usage-error.js';

/** Prints a line. */
export type Print = (line: string) => void;

/** One subcommand, such as `create` of `org`. */
export interface Act {
  readonly usage: string;
  /** Parses the arguments and returns the work to do on the database. */
  readonly prepare: (args: readonly string[]) => Work;
}

export interface Work {
  /** Absent: the owner. */
  readonly role?: Role;
  /** Resolves with the objects to print, one JSON line each; null when the subject does not exist. */
  readonly run: (pool: Pool) => Promise<readonly object[] | null>;
}

/**
 * Runs the subcommand that the first argument names, on the database of `DATABASE_URL`.
 * @returns the exit code
 * @throws UsageError
 */
export async function runAct(
  acts: Readonly<Record<string, Act>>,
  [name = '', ...args]: readonly string[],
  print: Print,
  printError: Print,
): Promise<number> {
  const act = Object.hasOwn(acts, name) ? acts[name]! : undefined;
  if (!act)
    throw new UsageError(
      usage(name ? `unknown subcommand ${name}` : 'a subcommand is missing', Object.values(acts)),
    );
  const work = prepared(act, args);
  const pool = createPool({
    databaseUrl: loadEnvironment().DATABASE_URL,
    ...(work.role ? { role: work.role } : {}),
    size: 1,
  });
  try {
    const results = await work.run(pool);
    if (!results) {
      printError('No such organization, key, SQL access or job.');
      return 1;
    }
    for (const result of results) print(JSON.stringify(result));
    return 0;
  } finally {
    await pool.end();
  }
}

function prepared(act: Act, args: readonly string[]): Work {
  try {
    return act.prepare(args);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(usage(error.message, [act])) : error;
  }
}

const usage = (fault: string, acts: readonly Act[]) =>
  [fault, 'Usage:', ...acts.map((act) => `  npm run millrace -- ${act.usage}`)].join('\n');
