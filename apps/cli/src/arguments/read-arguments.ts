import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

/** Parsed arguments: the positional values in order, and the given options. */
export interface Arguments {
  readonly values: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
}

/** The API's limit for names. */
const MAX_LENGTH = 256;
/** Control, format and direction characters: they would garble every list that shows the name. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/**
 * Parses a command's arguments.
 * @param names of the required positional values, in order
 * @param options names of the options; each takes a value
 * @throws UsageError
 */
export function readArguments(
  args: readonly string[],
  names: readonly string[],
  options: readonly string[] = [],
): Arguments {
  const { values, positionals } = parsed({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(options.map((name) => [name, { type: 'string' }])),
  });
  const missing = names[positionals.length];
  if (missing) throw new UsageError(`<${missing}> is missing`);
  if (positionals.length > names.length) {
    throw new UsageError(`one argument too many: ${positionals[names.length]}`);
  }
  names.forEach((name, i) => {
    const value = positionals[i]!;
    if (value.trim() === '') throw new UsageError(`<${name}> is empty`);
    if (value.length > MAX_LENGTH) throw new UsageError(`<${name}> is over ${MAX_LENGTH} characters`);
    if (UNPRINTABLE.test(value)) throw new UsageError(`<${name}> contains invisible characters`);
  });
  return { values: positionals, options: values as Arguments['options'] };
}

function parsed(config: ParseArgsConfig & { allowPositionals: true }) {
  try {
    return parseArgs(config);
  } catch (error) {
    // parseArgs explains unknown options and missing values well itself.
    throw new UsageError((error as Error).message);
  }
}
