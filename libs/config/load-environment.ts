import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment.js';

/** Invalid settings, one line each. */
export class InvalidEnvironment extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Invalid settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads and validates the settings; an empty variable counts as absent.
 * @throws InvalidEnvironment naming all faults
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const environment = plainToInstance(Environment, present, { exposeDefaultValues: true });
  const faults = validateSync(environment).map(
    ({ property, constraints = {} }) =>
      `${Object.values(constraints).join('; ')} (got ${described(property, present[property])})`,
  );
  if (faults.length > 0) throw new InvalidEnvironment(faults);
  return environment;
}

/** The given value, masked where it may be a secret: error messages end up in logs. */
function described(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  return /SECRET|TOKEN|URL|KEY/.test(name) ? `${value.length} characters` : JSON.stringify(value);
}

/** `loadEnvironment` for main files: prints the faults and exits with code 1. */
export function loadEnvironmentOrExit(): Environment {
  try {
    return loadEnvironment();
  } catch (error) {
    if (!(error instanceof InvalidEnvironment)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
