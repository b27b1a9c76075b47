const DAY_MS = 86_400_000;
const view = (fields: string) => `{"type":"page_view",${fields}}`;
const fromNow = (ms: number) => new Date(Date.now() + ms).toISOString();

/** For each rejection code of the contract: events as JSON, and the expected path. */
export const badEvents: readonly (readonly [code: string, json: string, path: string])[] = [
  ['invalid_event', '7', ''],
  ['invalid_event', '{"type":7}', '/type'],
  ['invalid_event', view('"ts":"yesterday"'), '/ts'],
  ['invalid_event', view('"nonsense":1'), '/nonsense'],
  ['unknown_type', '{"type":"nope"}', '/type'],
  ['unknown_type', '{"type":"__proto__"}', '/type'],
  ['schema_violation', view('"payload":{"status":"ok"}'), '/payload/status'],
  ['ts_out_of_range', view(`"ts":"${fromNow(2 * DAY_MS)}"`), '/ts'],
  ['ts_out_of_range', view(`"ts":"${fromNow(-91 * DAY_MS)}"`), '/ts'],
  ['ts_out_of_range', view('"ts":"0000-01-01T00:00:00Z"'), '/ts'],
  ['invalid_unicode', view('"payload":{"page":"a\\u0000b"}'), '/payload/page'],
  ['invalid_unicode', view('"payload":{"page":"\\ud83d"}'), '/payload/page'],
  ['invalid_unicode', view('"payload":{"x":{"\\udc00":1}}'), '/payload/x'],
  ['invalid_unicode', view('"user_id":"\\u0000"'), '/user_id'],
  ['number_out_of_range', view('"payload":{"x":1e999}'), '/payload/x'],
  ['number_out_of_range', view('"payload":{"x":[1,9007199254740993]}'), '/payload/x/1'],
  ['forbidden_key', view('"payload":{"__proto__":{"admin":true}}'), '/payload/__proto__'],
  ['forbidden_key', view('"payload":{"x":[{"constructor":1}]}'), '/payload/x/0/constructor'],
  ['forbidden_key', view('"__proto__":{"type":"page_view"}'), '/__proto__'],
  ['too_deep', view(`"payload":{"x":${'['.repeat(32)}${']'.repeat(32)}}`), `/payload/x${'/0'.repeat(31)}`],
  ['event_too_large', view(`"payload":{"x":"${'x'.repeat(33_000)}"}`), ''],
];
