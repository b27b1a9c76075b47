import { HttpClient } from '../support/http-client.js';
import { startProber } from '../support/prober.js';
import { type RunningApi, startApi } from '../support/running-api.js';

/** Longest time in milliseconds that one request may block the event loop. */
const HOLD_MS = 200;

let running: RunningApi;
let client: HttpClient;

beforeAll(async () => {
  running = await startApi();
  client = new HttpClient(running.url, running.caller.adminKey);
});
afterAll(() => running?.stop());

const put = (name: string, definition: object) =>
  client.post(definition, { method: 'PUT', path: `/v1/event-types/${name}` });
const ts = new Date().toISOString();
const event = (id: string, payload: object, type: string) => ({ id, ts, type, payload });

describe('the event loop, with registered event types', () => {
  /** As costly as a schema may be: every check runs for every item. */
  const heavy = {
    schema: {
      type: 'object',
      properties: {
        items: {
          type: 'array',
          items: { type: 'string', allOf: Array(65).fill({ not: { pattern: '^[a-z]+(?:-[a-z]+)*!$' } }) },
        },
        text: { type: 'string', allOf: Array(10).fill({ pattern: '^(?:[a-z]+-)*$' }) },
      },
    },
  };
  const injection = '"]);process.exit(1);//`+process.exit(1)+`\\';
  const odd = {
    schema: {
      type: 'object',
      properties: { [injection]: { type: 'string', enum: [injection], description: injection } },
      required: [injection],
      patternProperties: { '^[`\\]$]': { type: 'string' } },
    },
    dimensions: [injection],
  };

  it('is never blocked for long, whatever is registered or sent', async () => {
    const prober = await startProber(`${running.url}/health/live`, running.api.pid);
    try {
      for (let i = 0; i < 20; i++) {
        const own = { ...heavy, schema: { ...heavy.schema, title: String(i) } };
        expect((await put(`heavy${i}`, own)).status).toBe(201);
      }
      expect((await put('odd', odd)).status).toBe(201);
      expect((await client.post(event('o', { [injection]: injection }, 'odd'))).status).toBe(202);
      const registering = await prober.lap();
      const items = Array.from({ length: 8_000 }, () => 'a');
      const texts = `${'a-'.repeat(16_000)}!`;
      const statuses = [
        (await client.post(event('i', { items }, 'heavy0'))).status,
        (await client.post(event('t', { text: texts }, 'heavy1'))).status,
        (await client.post(Array.from({ length: 20 }, (_, i) => event(`b${i}`, { items }, `heavy${i}`))))
          .status,
      ];
      const sending = await prober.lap();
      expect(statuses).toEqual([202, 400, 202]);
      expect([registering.failures, sending.failures]).toEqual([0, 0]);
      expect(registering.longestHold).toBeLessThan(HOLD_MS);
      expect(sending.longestHold).toBeLessThan(HOLD_MS);
    } finally {
      prober.stop();
    }
  });
});
