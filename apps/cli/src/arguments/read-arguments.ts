import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

/** What a command was given: one value for each name, and the options that are there. */
export interface Arguments {
  readonly values: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
}

/** As the API has it. */
const LONGEST = 256;
/** Control characters and what turns the direction of text: they would garble whatever lists the names. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/**
 * @param names of the values that must be given, in order
 * @param options names of options; each takes a text
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
    if (value.length > LONGEST) throw new UsageError(`<${name}> is over ${LONGEST} characters`);
    if (UNPRINTABLE.test(value)) throw new UsageError(`<${name}> has characters that nobody can see`);
  });
  return { values: positionals, options: values as Arguments['options'] };
}

function parsed(config: ParseArgsConfig & { allowPositionals: true }) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Its own words for an option that is unknown or has no value.
    throw new UsageError((error as Error).message);
  }
}
