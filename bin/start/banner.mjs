/**
 * The text that `npm start` prints when everything is up.
 * @param {{ url: string, apiKey: string, askedPort: number, port: number, seconds: number }} facts
 */
export function banner({ url, apiKey, askedPort, port, seconds }) {
  const taken = port === askedPort ? '' : ` (port ${askedPort} is in use)`;
  return `
Millrace is up at ${url}${taken}, ready in ${seconds.toFixed(1)} s. Ctrl-C stops it.

  API docs   ${url}/docs
  Queues     ${url}/queues (password: adminKey in .millrace/runtime.json)
  API key    ${apiKey}

Send an event:
  curl -s '${url}/v1/events' -H 'X-API-Key: ${apiKey}' -H 'Content-Type: application/json' -d '{"type": "page_view", "payload": {"page": "/"}}'

See it counted:
  curl -s '${url}/v1/aggregates?type=page_view&window=1m&stats=count' -H 'X-API-Key: ${apiKey}'
`;
}
