import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment.js';

/** Every fault of the settings, one line each. */
export class InvalidEnvironment extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Invalid settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads and validates the settings; an empty variable counts as absent.
 * @throws InvalidEnvironment naming every fault at once
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const environment = plainToInstance(Environment, present, { exposeDefaultValues: true });
  const faults = validateSync(environment).flatMap((error) =>
    Object.values(error.constraints ?? {}).map((fault) => `${fault} (got ${describe(error)})`),
  );
  if (faults.length > 0) throw new InvalidEnvironment(faults);
  return environment;
}

/** Secrets and URLs with passwords must not reach the log through an error message. */
function describe({ property, value }: { property: string; value?: unknown }): string {
  if (value === undefined) return 'nothing';
  return /SECRET|TOKEN|URL|KEY/.test(property)
    ? `${String(value).length} characters`
    : JSON.stringify(variablesValue(value));
}

function variablesValue(value: unknown): unknown {
  return typeof value === 'number' && Number.isNaN(value) ? 'not a number' : value;
}

/** As `loadEnvironment`, but a fault ends the process with exit code 1, as a start should. */
export function loadEnvironmentOrExit(): Environment {
  try {
    return loadEnvironment();
  } catch (error) {
    if (!(error instanceof InvalidEnvironment)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
