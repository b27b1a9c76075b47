// Prints the command that runs a program of Millrace, for deploy/service.sh: words without spaces or quotes.
const { nodeArguments, scriptOf, serviceEnvironment } = await import('./services/runtime.mjs');

const [program] = process.argv.slice(2);
if (!Object.hasOwn(nodeArguments, program)) {
  console.error(`Programs: ${Object.keys(nodeArguments).join(', ')}`);
  process.exit(2);
}
const variables = Object.entries(serviceEnvironment).map(([name, value]) => `${name}=${value}`);
console.log([...variables, 'node', ...nodeArguments[program], scriptOf(program)].join(' '));
