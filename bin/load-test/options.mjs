import { parseArgs } from 'node:util';
import { readRuntime } from '../start/runtime-file.mjs';

const usage = `npm run load-test -- [--url <URL>] [--key <API key>] [--seconds 10] [--connections 8] [--batch 100] [--rate <requests/s>]
  --url and --key name the server; without them it is the Millrace that runs in this checkout.
  --batch is the number of events per request; --rate limits all connections together.`;

/**
 * @param {string[]} argv
 * @returns {{ url: string, key: string, seconds: number, connections: number, batch: number, rate?: number }}
 * @throws Error with the usage
 */
export function loadTestOptions(argv) {
  const { values } = parsed(argv);
  const running = readRuntime();
  const url = values.url ?? running?.url;
  const key = values.key ?? (values.url ? undefined : running?.apiKey);
  if (!url || !URL.canParse(url) || !key) throw new Error(usage);
  return {
    url: url.replace(/\/+$/, ''),
    key,
    seconds: wholeNumber('seconds', values.seconds, 3600),
    connections: wholeNumber('connections', values.connections, 10_000),
    batch: wholeNumber('batch', values.batch, 10_000),
    ...(values.rate ? { rate: wholeNumber('rate', values.rate, 1_000_000) } : {}),
  };
}

function parsed(argv) {
  const string = { type: 'string' };
  const options = {
    url: string,
    key: string,
    rate: string,
    seconds: { ...string, default: '10' },
    connections: { ...string, default: '8' },
    batch: { ...string, default: '100' },
  };
  try {
    return parseArgs({ args: argv, options });
  } catch (error) {
    throw new Error(`${error.message}\n${usage}`);
  }
}

function wholeNumber(name, text, most) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`--${name} must be a whole number from 1 to ${most}, not "${text}".\n${usage}`);
}
