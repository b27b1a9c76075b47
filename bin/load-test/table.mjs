/**
 * The result of a load test as a table.
 * @param {import('autocannon').Result} result
 * @param {{ batch: number }} options
 */
export function table({ duration, latency, requests, statusCodeStats = {}, errors, timeouts }, { batch }) {
  const accepted = statusCodeStats['202']?.count ?? 0;
  const answers = Object.entries(statusCodeStats).map(([status, { count }]) => `${count} × ${status}`);
  const lost = errors > 0 ? [`${errors} errors, including ${timeouts} timeouts`] : [];
  return [
    ['requests/s', whole(requests.total / duration)],
    ['events/s accepted', whole((accepted * batch) / duration)],
    ['events accepted', whole(accepted * batch)],
    ['answers', [...answers, ...lost].join(', ') || 'none'],
    ['latency p50', milliseconds(latency.p50)],
    ['latency p97.5', milliseconds(latency.p97_5)],
    ['latency p99', milliseconds(latency.p99)],
    ['latency max', milliseconds(latency.max)],
  ]
    .map(([name, value]) => `  ${name.padEnd(18)} ${value}`)
    .join('\n');
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const milliseconds = (value) => `${value} ms`;
