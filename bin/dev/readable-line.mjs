const levels = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };
// Nest logs all modules and routes at every start: 90 lines.
const startUp = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);
const known = new Set(['level', 'time', 'service', 'context', 'msg', 'stack']);

/**
 * Turns a JSON line of pino into time, level, context, message, other fields and stack. Any other line is
 * returned unchanged.
 * @param {string} line
 * @returns {string | undefined} nothing for what Nest says at every start
 */
export function readableLine(line) {
  const entry = parse(line);
  if (!entry) return line;
  const { level, time, context, msg, stack } = entry;
  if (level <= 30 && startUp.has(context)) return undefined;
  const rest = Object.entries(entry)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const text = [
    new Date(time).toISOString().slice(11, 23),
    (levels[level] ?? String(level)).padEnd(5),
    ...(context ? [`[${context}]`] : []),
    msg ?? '',
    ...rest,
  ].join(' ');
  return stack ? `${text}\n${stack}` : text;
}

function parse(line) {
  if (!line.startsWith('{"level":')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
